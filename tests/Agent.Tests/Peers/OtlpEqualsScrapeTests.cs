using System.Diagnostics;
using Observe.Agent.Tests.EndToEnd;
using Observe.Agent.Tests.Otlp;
using OpenTelemetry.Proto.Collector.Metrics.V1;

namespace Observe.Agent.Tests.Peers;

/// <summary>What the running agent pushes is what it serves: an export that lies between two scrapes has the same series, with values between theirs.</summary>
/// <param name="notes">Where numbers go.</param>
[Collection(nameof(RunsAlone))] // what other tests' containers live through between the two scrapes is in neither
public sealed class OtlpEqualsScrapeTests(ITestOutputHelper notes)
{
    private const string Protobuf = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    /// <summary>Gauges that stand still, and so must be equal.</summary>
    private static readonly string[] StandingStill = ["observe_build_info{", "observe_bpf_map_max_entries{", "observe_bpf_program_attached{", "observe_collector_success{", "process_start_time_seconds{"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Export_BetweenTwoScrapes_HasTheSameSeriesWithValuesInBetween(bool grpc)
    {
        BuiltAgent.SkipUnlessUsable();
        await using var receiver = await OtlpReceiver.StartAsync(grpc);
        await using var agent = await BuiltAgent.RunAsync(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Url().ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = grpc ? "grpc" : "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        });
        await ExportAfterAsync(receiver, 0); // from here on its own counters are there

        var before = await ScrapeAsync(agent);
        var export = await ExportAfterAsync(receiver, (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100);
        // What was collected for the export may be handed out again, as it should: then values are equal, and so in between.
        var after = await ScrapeAsync(agent);

        Compare(before, export, after);
    }

    private void Compare(Reading before, Reading export, Reading after)
    {
        // Workloads and with them series may come and go; what was there throughout must be in all three.
        var lasting = before.Series.Keys.Intersect(after.Series.Keys).ToList();
        lasting.Where(each => !export.Series.ContainsKey(each)).ShouldBeEmpty("served, but not pushed");
        export.Series.Keys.Where(each => !before.Series.ContainsKey(each) && !after.Series.ContainsKey(each)).ShouldBeEmpty("pushed, but not served");
        lasting.Count.ShouldBeGreaterThan(80);
        var cells = 0;
        foreach (var key in lasting)
        {
            var (low, value, high) = (before.Series[key], export.Series[key], after.Series[key]);
            value.Kind.ShouldBe(low.Kind, key);
            if (value.Kind == "gauge")
            {
                if (Array.Exists(StandingStill, each => key.StartsWith(each, StringComparison.Ordinal)))
                    value.Value.ShouldBe(low.Value, key);
                continue;
            }
            value.Value.ShouldBeInRange(low.Value, high.Value, key);
            foreach (var cell in CellsOf(high).Keys.Union(CellsOf(value).Keys))
            {
                value.Cells!.GetValueOrDefault(cell).ShouldBeInRange(low.Cells!.GetValueOrDefault(cell), high.Cells!.GetValueOrDefault(cell), $"{key}, cell {cell}");
                cells++;
            }
        }
        cells.ShouldBeGreaterThan(20);
        CompareWorkloads(before, export);
        notes.WriteLine($"{lasting.Count} series and {cells} histogram cells in all three; {export.Series.Count} pushed, {export.Workloads.Count} workloads");
    }

    private static Dictionary<int, long> CellsOf(Reading.Sample sample) => sample.Cells ?? [];

    private static void CompareWorkloads(Reading before, Reading export)
    {
        var compared = 0;
        foreach (var (id, labels) in before.Workloads)
        {
            if (!export.Workloads.TryGetValue(id, out var attributes))
                continue; // ended meanwhile
            foreach (var (name, value) in labels.Where(each => each.Key != "workload"))
                attributes.GetValueOrDefault(name).ShouldBe(value, $"{id}: {name}");
            compared++;
        }
        compared.ShouldBeGreaterThan(1);
    }

    private static async Task<Reading> ScrapeAsync(BuiltAgent agent) => Reading.OfScrape(await agent.GetBytesAsync("/metrics", Protobuf));

    /// <summary>Waits for an export that was collected after a moment, all requests of it.</summary>
    private static async Task<Reading> ExportAfterAsync(OtlpReceiver receiver, ulong moment)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience;)
        {
            ExportMetricsServiceRequest[] all = [.. receiver.Requests.Select(each => each.Message).Where(each => Reading.Times(each).Any())];
            var times = all.Select(each => Reading.Times(each).Distinct().ShouldHaveSingleItem()).ToArray();
            var first = times.Where(each => each > moment).DefaultIfEmpty().Min();
            // The last request of an export has come once there is one of the next, or nothing more for a while.
            if (first != 0 && receiver.Requests.Count == all.Length)
            {
                await Task.Delay(300, TestContext.Current.CancellationToken);
                return Reading.OfExport(receiver.Requests.Select(each => each.Message).Where(each => Reading.Times(each).FirstOrDefault() == first));
            }
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"no export within {Patience.TotalSeconds} s");
    }
}
