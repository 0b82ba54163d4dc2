using System.Globalization;
using Observe.Agent.Tests.Http;
using Observe.Telemetry.Model;

namespace Observe.Agent.Tests.Peers;

/// <summary>What Prometheus knows of single waits after it has scraped them: by OpenMetrics in 2, by protobuf in 3.</summary>
public sealed class ExemplarTests
{
    private const string Buckets = "observe_runqueue_wait_seconds_bucket";
    private const string Native = "observe_runqueue_wait_seconds";

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task QueryExemplars_ScrapedWaits_AreFoundOnTheirBuckets(int major)
    {
        var binary = ScrapedAgent.SkipWithout(major);
        var collector = new StallingCollector();
        await using var agent = await TestAgent.StartAsync([collector]);
        // In an octave, at its upper bound, in the next one, and beyond all bounds.
        List<Exemplar> waits = [collector.Wait(0.025, 1), collector.Wait(0.0625, 2), collector.Wait(0.0626, 3), collector.Wait(20, 0xfedc_ba98_7654_3210)];
        await using var server = new PrometheusServer(binary, agent.Address, native: major == 3);
        await server.ScrapedForAsync(TimeSpan.FromSeconds(3));
        Check(await server.ExemplarsAsync(Buckets), waits);

        // A newer one takes its place in the agent; Prometheus keeps both.
        waits.Add(collector.Wait(0.03, 5));
        await UntilAsync(server, waits.Count);
        Check(await server.ExemplarsAsync(Buckets), waits);
        if (major == 3)
            CheckNative(await server.ExemplarsAsync(Native), waits);
        // The same ones were scraped again and again: nothing is out of order, nothing is refused.
        server.Complaints.ShouldBeEmpty();
        (await server.TargetAsync()).ShouldBe(("up", ""));
    }

    private static async Task UntilAsync(PrometheusServer server, int count)
    {
        for (var attempt = 0; (await server.ExemplarsAsync(Buckets)).Count < count; attempt++)
        {
            attempt.ShouldBeLessThan(100, "the newer exemplar was not stored within 20 s");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    private static void Check(List<PrometheusServer.FoundExemplar> found, List<Exemplar> waits)
    {
        foreach (var each in found)
        {
            each.Series["__name__"].ShouldBe(Buckets);
            each.Series["workload"].ShouldBe("web");
            // By the definition of le.
            var bound = double.Parse(each.Series["le"], CultureInfo.InvariantCulture);
            each.Value.ShouldBeLessThanOrEqualTo(bound);
            each.Value.ShouldBeGreaterThan(double.IsPositiveInfinity(bound) ? 16 : bound / 2);
        }
        ShouldBe(found, waits);
    }

    private static void CheckNative(List<PrometheusServer.FoundExemplar> found, List<Exemplar> waits)
    {
        found.ShouldAllBe(each => each.Series["__name__"] == Native && !each.Series.ContainsKey("le"));
        ShouldBe(found, waits);
    }

    /// <summary>Ids and values are exact; times are stored in ms.</summary>
    private static void ShouldBe(List<PrometheusServer.FoundExemplar> found, List<Exemplar> waits)
    {
        found.Select(each => (each.Labels["trace_id"], each.Labels["span_id"], each.Labels.Count, each.Value, Math.Round(each.Time * 1000)))
            .ShouldBe(waits.Select(each => ($"{each.TraceId:x32}", $"{each.SpanId:x16}", 2, each.Value, Math.Floor(each.TimeUnixNano / 1e6))), ignoreOrder: true);
    }
}
