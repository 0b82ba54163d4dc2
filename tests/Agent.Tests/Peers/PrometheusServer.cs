using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Observe.Agent.Tests.Otlp;

namespace Observe.Agent.Tests.Peers;

/// <summary>A real Prometheus that scrapes one target every second: loopback port, empty data, gone at the end.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private const string Job = "observe";
    private readonly HttpClient client = new();
    private readonly string directory = Directory.CreateTempSubdirectory("observe-prometheus-").FullName;
    private readonly ConcurrentQueue<string> output = new();
    private readonly Process process;
    private readonly Uri url;

    /// <param name="binary">The program.</param>
    /// <param name="target">What to scrape.</param>
    /// <param name="native">Take native histograms, and the classic ones beside them.</param>
    public PrometheusServer(string binary, Uri target, bool native)
    {
        var port = OtlpReceiver.FreePort();
        url = new Uri($"http://127.0.0.1:{port}");
        File.WriteAllText(Path.Combine(directory, "prometheus.yml"), $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
            - job_name: {{Job}}
              {{(native ? "always_scrape_classic_histograms: true" : "honor_timestamps: true")}}
              static_configs: [ { targets: [ "{{target.Authority}}" ] } ]
            """);
        string[] features = ["--enable-feature=exemplar-storage", .. native ? ["--enable-feature=native-histograms"] : Array.Empty<string>()];
        process = Process.Start(new ProcessStartInfo(binary,
            [$"--config.file={directory}/prometheus.yml", $"--storage.tsdb.path={directory}/data", $"--web.listen-address=127.0.0.1:{port}", .. features])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>One series of an answer.</summary>
    /// <param name="Name">Its metric; empty for what was computed.</param>
    /// <param name="Labels">Its labels, without those that the scraper adds.</param>
    /// <param name="Value">Its value; NaN for a histogram.</param>
    internal sealed record Found(string Name, Dictionary<string, string> Labels, double Value);

    /// <summary>An exemplar that it has stored.</summary>
    /// <param name="Series">Labels of its series, with the name and without those that the scraper adds.</param>
    /// <param name="Labels">Its own.</param>
    /// <param name="Value">Its value.</param>
    /// <param name="Time">Its time, seconds since the Unix epoch.</param>
    internal sealed record FoundExemplar(Dictionary<string, string> Series, Dictionary<string, string> Labels, double Value, double Time);

    /// <summary>Warnings and errors of its log.</summary>
    public IEnumerable<string> Complaints => output.Where(each => each.Contains("level=warn", StringComparison.OrdinalIgnoreCase) || each.Contains("level=error", StringComparison.OrdinalIgnoreCase));

    /// <summary>The version it says it has.</summary>
    public async Task<string> VersionAsync() => (await GetAsync("/api/v1/status/buildinfo")).GetProperty("version").GetString()!;

    /// <summary>Waits until it has scraped for so long.</summary>
    public async Task ScrapedForAsync(TimeSpan window)
    {
        var clock = Stopwatch.StartNew();
        var seconds = (int)window.TotalSeconds;
        while (clock.Elapsed < window * 3)
        {
            if (!process.HasExited && await IsReadyAsync() && (await QueryAsync($"count_over_time(up[{seconds}s]) >= {seconds - 1}")).Count == 1)
                return;
            await Task.Delay(250);
        }
        throw new TimeoutException($"not {seconds} scrapes within {clock.Elapsed.TotalSeconds:0} s: {string.Join('\n', output)}");
    }

    /// <summary>How the target fares: its health and its last error.</summary>
    public async Task<(string Health, string LastError)> TargetAsync()
    {
        var target = (await GetAsync("/api/v1/targets")).GetProperty("activeTargets").EnumerateArray().ShouldHaveSingleItem();
        return (target.GetProperty("health").GetString()!, target.GetProperty("lastError").GetString()!);
    }

    /// <summary>Type of each metric, as it was told.</summary>
    public async Task<Dictionary<string, string>> TypesAsync() =>
        (await GetAsync("/api/v1/targets/metadata")).EnumerateArray()
            .ToDictionary(each => each.GetProperty("metric").GetString()!, each => each.GetProperty("type").GetString()!);

    /// <summary>The one value of a query.</summary>
    public async Task<double> ValueAsync(string query, double? at = null) => (await QueryAsync(query, at)).ShouldHaveSingleItem(query).Value;

    /// <summary>All series of an instant query.</summary>
    public async Task<List<Found>> QueryAsync(string query, double? at = null)
    {
        var time = at is { } moment ? string.Create(CultureInfo.InvariantCulture, $"&time={moment:0.000}") : "";
        return [.. (await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}{time}")).GetProperty("result").EnumerateArray().Select(Read)];
    }

    /// <summary>All exemplars of a query's series within the last hour.</summary>
    public async Task<List<FoundExemplar>> ExemplarsAsync(string query)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var series = await GetAsync($"/api/v1/query_exemplars?query={Uri.EscapeDataString(query)}&start={now - 3600}&end={now + 60}");
        return [.. series.EnumerateArray().SelectMany(each => each.GetProperty("exemplars").EnumerateArray(), (each, exemplar) => new FoundExemplar(
            LabelsOf(each.GetProperty("seriesLabels")), LabelsOf(exemplar.GetProperty("labels")), Number(exemplar.GetProperty("value").GetString()!), exemplar.GetProperty("timestamp").GetDouble()))];
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        client.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static Found Read(JsonElement series)
    {
        var labels = LabelsOf(series.GetProperty("metric"));
        labels.Remove("__name__", out var name);
        return new Found(name ?? "", labels, series.TryGetProperty("value", out var value) ? Number(value[1].GetString()!) : double.NaN);
    }

    private static Dictionary<string, string> LabelsOf(JsonElement json)
    {
        var labels = json.EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetString()!);
        if (labels.GetValueOrDefault("job") == Job)
        {
            labels.Remove("job");
            labels.Remove("instance");
        }
        // Bounds are written "1" or "1.0", by the format that was scraped.
        if (labels.TryGetValue("le", out var bound))
            labels["le"] = Bound(bound);
        return labels;
    }

    internal static string Bound(string le) => Number(le).ToString("R", CultureInfo.InvariantCulture);

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private async Task<JsonElement> GetAsync(string path)
    {
        var text = await client.GetStringAsync(new Uri(url, path));
        var answer = JsonElement.Parse(text);
        answer.GetProperty("status").GetString().ShouldBe("success", text);
        return answer.GetProperty("data");
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await client.GetAsync(new Uri(url, "/-/ready"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
