using Observe.Telemetry.Tests.Prometheus;

namespace Observe.Agent.Tests.Peers;

/// <summary>Prometheus 2 and 3 scrape the running agent: nothing is refused, nothing is lost, and both kinds of histogram tell the same.</summary>
/// <param name="scraped">The agent and its scrapers.</param>
/// <param name="notes">Where numbers go.</param>
[Collection(nameof(RunsAlone))]
public sealed class PrometheusTests(ScrapedAgent scraped, ITestOutputHelper notes) : IClassFixture<ScrapedAgent>
{
    /// <summary>Over this long rates are taken, in PromQL.</summary>
    private const string Window = "10s";

    /// <summary>Upper bound of a classic bucket over its lower one: one bucket an octave.</summary>
    private const double Octave = 2;

    /// <summary>The same for a native bucket of scale 2.</summary>
    private static readonly double QuarterOctave = Math.Pow(2, 0.25);

    private static readonly string[] StandingStill = ["observe_build_info", "observe_bpf_map_max_entries", "observe_bpf_program_attached", "process_start_time_seconds", "observe_collector_success"];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Scrape_LiveAgent_IsUpWithoutAWord(int major)
    {
        var server = scraped.Server(major);

        (await server.VersionAsync()).ShouldStartWith($"{major}.");
        (await server.TargetAsync()).ShouldBe(("up", ""));
        (await server.ValueAsync("min_over_time(up[15s])")).ShouldBe(1);
        server.Complaints.ShouldBeEmpty();
        notes.WriteLine($"{await server.VersionAsync()}: {await server.ValueAsync("count_over_time(up[1m])")} scrapes, {await server.ValueAsync("scrape_samples_scraped")} samples each, "
            + $"slowest {await server.ValueAsync("max_over_time(scrape_duration_seconds[1m])") * 1000:0.0} ms");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Scrape_LiveAgent_LosesNoMetricAndNoType(int major)
    {
        var server = scraped.Server(major);
        var own = await OwnAsync();

        var names = (await server.QueryAsync("count by (__name__) ({job=\"observe\"})")).Select(each => each.Name).ToHashSet();
        own.Samples.Select(each => each.Name).Distinct().Where(each => !names.Contains(each)).ShouldBeEmpty();
        var types = await server.TypesAsync();
        own.Types.Count.ShouldBeGreaterThan(15);
        // Prometheus 2 asks for OpenMetrics, which keeps these suffixes out of a family's name and knows the type info.
        foreach (var (name, type) in own.Types)
            (types.GetValueOrDefault(name) ?? types[Family(name)]).ShouldBe(major == 2 && name.EndsWith("_info", StringComparison.Ordinal) ? "info" : type, name);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Scrape_WhatStandsStill_IsWhatWeServe(int major)
    {
        var server = scraped.Server(major);
        var own = await OwnAsync();

        foreach (var name in StandingStill)
        {
            var expected = own.Samples.Where(each => each.Name == name).ToDictionary(each => Key(each.Labels), each => each.Value);
            expected.ShouldNotBeEmpty(name);
            var stored = (await server.QueryAsync(name)).ToDictionary(each => Key(each.Labels), each => each.Value);
            stored.ShouldBe(expected, ignoreOrder: true);
        }
        // Workloads come and go: those that are there before and after must be there in between, with all labels.
        var before = Workloads(own);
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        var between = (await server.QueryAsync("observe_workload_info")).Select(each => Key(each.Labels)).ToHashSet();
        before.Intersect(Workloads(await OwnAsync())).ShouldAllBe(each => between.Contains(each));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    public async Task HistogramQuantile_NativeAndClassicOfTheSameScrapes_AgreeWithinTheBucket(double quantile)
    {
        var server = scraped.Server(3);
        // The same moment for both, or another scrape may come in between.
        var at = await server.ValueAsync("timestamp(up)");
        var native = await server.ValueAsync($"histogram_quantile({quantile:0.##}, sum(rate(observe_runqueue_wait_seconds[{Window}])))", at);
        var classic = await server.ValueAsync($"histogram_quantile({quantile:0.##}, sum by (le) (rate(observe_runqueue_wait_seconds_bucket[{Window}])))", at);

        var observations = await server.ValueAsync($"sum(histogram_count(rate(observe_runqueue_wait_seconds[{Window}])))", at);
        observations.ShouldBeGreaterThan(100, "without load the quantiles mean nothing");
        // A rate, so many times a second, from floating-point sums over the series.
        (await server.ValueAsync($"sum(rate(observe_runqueue_wait_seconds_count[{Window}]))", at)).ShouldBe(observations, observations * 1e-9);
        notes.WriteLine($"q{quantile}: native {native:0.000000000} s, classic {classic:0.000000000} s, {observations:0} waits/s");
        // Both lie in the same classic bucket: the native ones are parts of it.
        ShouldAgree(native, classic, Octave);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    public async Task HistogramQuantile_NativeOf3AndClassicOf2_Agree(double quantile)
    {
        var (old, young) = (scraped.Server(2), scraped.Server(3));
        var native = await young.ValueAsync($"histogram_quantile({quantile:0.##}, sum(rate(observe_runqueue_wait_seconds[{Window}])))");
        var classic = await old.ValueAsync($"histogram_quantile({quantile:0.##}, sum by (le) (rate(observe_runqueue_wait_seconds_bucket[{Window}])))");

        notes.WriteLine($"q{quantile}: native in 3 {native:0.000000000} s, classic in 2 {classic:0.000000000} s");
        // Scraped at other moments, up to one interval apart: the quantile itself may lie a native bucket further.
        ShouldAgree(native, classic, Octave * QuarterOctave);
    }

    [Fact]
    public async Task OpenMetrics_LiveAgent_IsTakenByTheStrictParser()
    {
        scraped.Server(3);
        var text = (await scraped.Agent.GetAsync("/metrics", "application/openmetrics-text; version=1.0.0")).Body;
        text.ShouldEndWith("# EOF\n");

        const string Parse = """
            import sys
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
            print(sum(len(f.samples) for f in text_string_to_metric_families(sys.stdin.buffer.read().decode())))
            """;
        var (exitCode, output) = await Peer.RunOrSkip("/usr/bin/python3", ["-c", Parse], System.Text.Encoding.UTF8.GetBytes(text));
        Assert.SkipWhen(output.Contains("ModuleNotFoundError", StringComparison.Ordinal), "python3 has no prometheus_client (Debian: python3-prometheus-client)");
        exitCode.ShouldBe(0, output);
        int.Parse(output).ShouldBe(text.Split('\n').Count(line => line.Length > 0 && line[0] != '#'));
    }

    private static void ShouldAgree(double native, double classic, double factor)
    {
        native.ShouldBeGreaterThan(0);
        classic.ShouldBeInRange(native / factor, native * factor);
    }

    private static string Family(string name) => name[..name.LastIndexOf('_')];

    private static string Key(Dictionary<string, string> labels) =>
        string.Join(',', labels.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key}={each.Value}"));

    private static IEnumerable<string> Workloads(TextParser.Document page) => page.Samples.Where(each => each.Name == "observe_workload_info").Select(each => Key(each.Labels));

    private async Task<TextParser.Document> OwnAsync() => TextParser.Parse((await scraped.Agent.GetAsync("/metrics", "text/plain; version=0.0.4")).Body);
}
