using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Observe.Agent.Export;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent.Tests.Otlp;

/// <summary>Pushes to a real Prometheus 3 and asks it what it understood.</summary>
public sealed class PrometheusReceiverTests
{
    [Theory]
    [InlineData(Observe.Agent.Export.Otlp.OtlpCompression.None)]
    [InlineData(Observe.Agent.Export.Otlp.OtlpCompression.Gzip)]
    public async Task Export_ToPrometheus_AnswersQueriesWithOurNumbers(Observe.Agent.Export.Otlp.OtlpCompression compression)
    {
        await using var prometheus = await Prometheus3.StartAsync(TestContext.Current.CancellationToken);
        var source = new TwoWorkloads();
        var options = Running.Options(new Uri("http://127.0.0.1:9")) with { MetricsEndpoint = new Uri(prometheus.Url, "/api/v1/otlp/v1/metrics"), Compression = compression };
        var status = new Observe.Agent.Export.Otlp.OtlpExporterStatus();
        using var exporter = new Observe.Agent.Export.Otlp.OtlpExporter(options, source, status, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Observe.Agent.Export.Otlp.OtlpExporter>.Instance);
        await exporter.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 500 && status.AcceptedPoints == 0 && status.Failures.Count == 0; i++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        status.Failures.ShouldBeEmpty();
        status.AcceptedPoints.ShouldBe(7);
        status.RejectedPoints.ShouldBe(0);

        (await prometheus.QueryAsync("observe_thread_time_seconds_total{state=\"running\",job=\"web\"}")).ShouldBe(12.5);
        (await prometheus.QueryAsync("observe_thread_time_seconds_total{state=\"running\",job=\"db\"}")).ShouldBe(99.25);
        (await prometheus.QueryAsync("observe_cpu_quota_cores{job=\"web\"}")).ShouldBe(0.3);
        (await prometheus.QueryAsync("observe_build_info{job=\"observe\",version=\"0.1.0\"} or observe_build_ratio{job=\"observe\",version=\"0.1.0\"}")).ShouldBe(1);
        (await prometheus.QueryAsync("count(target_info{container_id=~\"c1|c2\"})")).ShouldBe(2);

        const string histogram = "observe_runqueue_wait_seconds{job=\"web\"}";
        (await prometheus.QueryAsync($"histogram_count({histogram})")).ShouldBe(source.Web.Sum(x => (double)x.Count));
        (await prometheus.QueryAsync($"histogram_sum({histogram})")).ShouldBe(TwoWorkloads.WebSum);
        // All of bucket k and nothing above it: the quantile at its upper edge is its upper bound.
        ulong below = 0;
        foreach (var (cell, count) in source.Web)
        {
            below += count;
            var quantile = below / source.Web.Sum(x => (double)x.Count);
            (await prometheus.QueryAsync(string.Create(CultureInfo.InvariantCulture, $"histogram_quantile({quantile - 1e-12:R}, {histogram})")))
                .ShouldBe(ExponentialLayout.UpperBound(cell), ExponentialLayout.UpperBound(cell) * 1e-6);
        }
        await exporter.StopAsync(TestContext.Current.CancellationToken);
        status.Failures.ShouldBeEmpty();
    }

    private sealed class TwoWorkloads : IMetricSource
    {
        public const double WebSum = 3.5;
        private readonly SnapshotBuilder builder = new(MetricCatalog.All, new SnapshotPool());
        private readonly ulong start = (ulong)DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds() * 1_000_000;
        private readonly Series webRunning, dbRunning, webWaiting, quota, webWait, dbWait, build;

        public TwoWorkloads()
        {
            var web = Workload("web", "c1");
            var db = Workload("db", "c2");
            var host = new Resource([new("host.name", "alpha")], []);
            webRunning = new Series(MetricCatalog.ThreadTime, web, start, ["running"]);
            webWaiting = new Series(MetricCatalog.ThreadTime, web, start, ["waiting"]);
            dbRunning = new Series(MetricCatalog.ThreadTime, db, start, ["running"]);
            quota = new Series(MetricCatalog.QuotaCores, web, start, []);
            webWait = new Series(MetricCatalog.RunqueueWait, web, start, []);
            dbWait = new Series(MetricCatalog.RunqueueWait, db, start, []);
            build = new Series(MetricCatalog.BuildInfo, host, start, ["0.1.0", "6.18", "1.1"]);
        }

        public (int Cell, ulong Count)[] Web { get; } = [(1, 10), (40, 20), (41, 30), (96, 39), (137, 1)];

        public ValueTask<MetricSnapshot.Lease> CollectAsync(CancellationToken cancellationToken)
        {
            builder.Add(webRunning, 12.5);
            builder.Add(webWaiting, 1.5);
            builder.Add(dbRunning, 99.25);
            builder.Add(quota, 0.3);
            builder.Add(build, 1);
            var cells = new ulong[ExponentialLayout.Cells];
            foreach (var (cell, count) in Web)
                cells[cell] = count;
            builder.AddHistogram(webWait, WebSum, 100, cells);
            builder.AddHistogram(dbWait, 0, 0, new ulong[ExponentialLayout.Cells]);
            return ValueTask.FromResult(builder.Build((ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000));
        }

        private static Resource Workload(string name, string container) => new(
            [new("container.id", container), new("host.name", "alpha")], [new("workload", name), new("workload_kind", "container"), new("workload_id", container)]);
    }

    /// <summary>A Prometheus 3 of its own: free loopback port, empty data, gone at the end.</summary>
    private sealed class Prometheus3 : IAsyncDisposable
    {
        private readonly HttpClient client = new();
        private readonly string directory = Directory.CreateTempSubdirectory("observe-prometheus-").FullName;
        private readonly Process process;

        private Prometheus3(string binary, int port)
        {
            Url = new Uri($"http://127.0.0.1:{port}");
            var config = Path.Combine(directory, "prometheus.yml");
            File.WriteAllText(config, "global: {}\n");
            var start = new ProcessStartInfo(binary) { RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var argument in (string[])[$"--config.file={config}", $"--storage.tsdb.path={directory}/data", $"--web.listen-address=127.0.0.1:{port}",
                "--web.enable-otlp-receiver", "--enable-feature=native-histograms"])
                start.ArgumentList.Add(argument);
            process = Process.Start(start)!;
            process.ErrorDataReceived += (_, line) => Output.Enqueue(line.Data);
            process.OutputDataReceived += (_, line) => Output.Enqueue(line.Data);
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
        }

        public Uri Url { get; }

        private System.Collections.Concurrent.ConcurrentQueue<string?> Output { get; } = new();

        public static async Task<Prometheus3> StartAsync(CancellationToken cancellationToken)
        {
            var cache = Environment.GetEnvironmentVariable("OBSERVE_CACHE")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "observe");
            var binary = Environment.GetEnvironmentVariable("OBSERVE_PROMETHEUS3") ?? Path.Combine(cache, "prometheus3", "prometheus");
            Assert.SkipUnless(File.Exists(binary), $"no Prometheus 3 at {binary}: run scripts/fetch-prometheus, or set OBSERVE_PROMETHEUS3");
            var prometheus = new Prometheus3(binary, OtlpReceiver.FreePort());
            for (var i = 0; i < 300 && !prometheus.process.HasExited; i++)
            {
                try
                {
                    using var ready = await prometheus.client.GetAsync(new Uri(prometheus.Url, "/-/ready"), cancellationToken);
                    if (ready.IsSuccessStatusCode)
                        return prometheus;
                }
                catch (HttpRequestException)
                {
                    // Not listening yet.
                }
                await Task.Delay(100, cancellationToken);
            }
            // Also waits for the last of the output.
            await prometheus.DisposeAsync();
            var output = string.Join('\n', prometheus.Output);
            Assert.SkipWhen(output.Contains("unknown long flag '--web.enable-otlp-receiver'", StringComparison.Ordinal),
                $"{binary} is built without the OTLP receiver, as Debian's is: set OBSERVE_PROMETHEUS3 to an upstream build");
            throw new TimeoutException($"Prometheus was not ready within 30 s: {output}");
        }

        /// <summary>The value of a query that has one series.</summary>
        public async Task<double> QueryAsync(string query)
        {
            var text = await client.GetStringAsync(new Uri(Url, $"/api/v1/query?query={Uri.EscapeDataString(query)}"), TestContext.Current.CancellationToken);
            using var json = JsonDocument.Parse(text);
            var results = json.RootElement.GetProperty("data").GetProperty("result");
            results.GetArrayLength().ShouldBe(1, $"{query}: {text}");
            return double.Parse(results[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            client.Dispose();
            Directory.Delete(directory, recursive: true);
        }
    }
}
