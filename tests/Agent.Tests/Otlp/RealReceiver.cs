using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Observe.Agent.Tests.Otlp;

/// <summary>A time series database of its own, of somebody else's making: free loopback port, empty data, gone at the end.</summary>
internal sealed class RealReceiver : IAsyncDisposable
{
    private readonly HttpClient client = new();
    private readonly string directory = Directory.CreateTempSubdirectory("observe-receiver-").FullName;
    private readonly ConcurrentQueue<string?> output = new();
    private readonly Uri url;
    private readonly Process process;

    private RealReceiver(string binary, Func<int, string, string[]> arguments)
    {
        var port = OtlpReceiver.FreePort();
        url = new Uri($"http://127.0.0.1:{port}");
        File.WriteAllText(Path.Combine(directory, "prometheus.yml"), "global: {}\n");
        process = Process.Start(new ProcessStartInfo(binary, arguments(port, directory)) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data);
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>Where it takes OTLP metrics.</summary>
    public required Func<Uri, Uri> Metrics { private get; init; }

    /// <summary>The label that <c>service.name</c> became.</summary>
    public required string ServiceLabel { get; init; }

    /// <summary>Makes what was written visible to queries; null where it is at once.</summary>
    private string? Flush { get; init; }

    public Uri MetricsUrl => Metrics(url);

    /// <summary>Prometheus 3, upstream's: Debian's is built without the receiver, and then the test is skipped.</summary>
    public static Task<RealReceiver> StartPrometheusAsync() => StartAsync(
        new RealReceiver(Find("OBSERVE_PROMETHEUS3", "prometheus3/prometheus", "fetch-prometheus"), (port, directory) =>
        [
            $"--config.file={directory}/prometheus.yml", $"--storage.tsdb.path={directory}/data", $"--web.listen-address=127.0.0.1:{port}",
            "--web.enable-otlp-receiver", "--enable-feature=native-histograms",
        ])
        {
            Metrics = url => new Uri(url, "/api/v1/otlp/v1/metrics"),
            ServiceLabel = "job",
        },
        "/-/ready");

    /// <summary>VictoriaMetrics, told to name metrics as Prometheus does.</summary>
    public static Task<RealReceiver> StartVictoriaMetricsAsync() => StartAsync(
        new RealReceiver(Find("OBSERVE_VICTORIA_METRICS", "victoria-metrics/victoria-metrics", "fetch-victoria-metrics"), (port, directory) =>
        [
            $"-storageDataPath={directory}/data", $"-httpListenAddr=127.0.0.1:{port}", "-opentelemetry.usePrometheusNaming",
            // Queries see what was just written.
            "-search.latencyOffset=0s",
        ])
        {
            Metrics = url => new Uri(url, "/opentelemetry/v1/metrics"),
            // Else new series show in queries after seconds only.
            Flush = "/internal/force_flush",
            ServiceLabel = "service_name",
        },
        "/health");

    /// <summary>The value of a query that has one series.</summary>
    public async Task<double> QueryAsync(string query)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (Flush is not null)
                (await client.GetAsync(new Uri(url, Flush), TestContext.Current.CancellationToken)).Dispose();
            var text = await client.GetStringAsync(new Uri(url, $"/api/v1/query?nocache=1&query={Uri.EscapeDataString(query)}"), TestContext.Current.CancellationToken);
            using var json = JsonDocument.Parse(text);
            var results = json.RootElement.GetProperty("data").GetProperty("result");
            if (results.GetArrayLength() == 1)
                return double.Parse(results[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
            if (attempt == 100)
                throw new InvalidDataException($"{query}: not one series but {text}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        client.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static string Find(string variable, string place, string script)
    {
        var cache = Environment.GetEnvironmentVariable("OBSERVE_CACHE")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "observe");
        var binary = Environment.GetEnvironmentVariable(variable) ?? Path.Combine(cache, place);
        Assert.SkipUnless(File.Exists(binary), $"there is no {binary}: run scripts/{script}, or set {variable}");
        return binary;
    }

    private static async Task<RealReceiver> StartAsync(RealReceiver receiver, string ready)
    {
        for (var i = 0; i < 300 && !receiver.process.HasExited; i++)
        {
            try
            {
                using var response = await receiver.client.GetAsync(new Uri(receiver.url, ready), TestContext.Current.CancellationToken);
                if (response.IsSuccessStatusCode)
                    return receiver;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        // Also waits for the last of the output.
        await receiver.DisposeAsync();
        var output = string.Join('\n', receiver.output);
        Assert.SkipWhen(output.Contains("unknown long flag '--web.enable-otlp-receiver'", StringComparison.Ordinal),
            "this Prometheus is built without the OTLP receiver, as Debian's is: set OBSERVE_PROMETHEUS3 to an upstream build");
        throw new TimeoutException($"not ready within 30 s: {output}");
    }
}
