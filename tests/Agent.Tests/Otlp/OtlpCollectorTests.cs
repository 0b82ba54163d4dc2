using Observe.Agent.Export.Otlp;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent.Tests.Otlp;

public sealed class OtlpCollectorTests
{
    private static readonly Resource Host = new([], []);

    private static async Task<Dictionary<string, double>> Collect(OtlpCollector collector)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        (await collector.CollectAsync(builder, TestContext.Current.CancellationToken)).Succeeded.ShouldBeTrue();
        using var lease = builder.Build(1);
        var values = new Dictionary<string, double>();
        foreach (var family in lease.Snapshot.Families)
        {
            foreach (var point in family.Points)
                values.Add($"{family.Metric.PrometheusName}{{{string.Join(",", point.Series.Labels.Select(l => l.Value))}}}", point.Value);
        }
        return values;
    }

    [Fact]
    public async Task Collect_AfterExports_TellsWhatBecameOfThem()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, attempt) => attempt switch
        {
            1 => OtlpReceiver.Fail(context, 503),
            2 => OtlpReceiver.Fail(context, 400),
            _ => Task.FromResult(false),
        });
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()));
        var collector = new OtlpCollector(running.Status, Host, 1);
        await running.Until(() => running.Status.DroppedPoints == 1, "refused");
        (await Collect(collector)).ShouldNotContainKey("observe_otlp_last_success_timestamp_seconds{}");
        await running.StopAsync();
        var values = await Collect(collector);
        values["observe_otlp_points_total{accepted}"].ShouldBe(1);
        values["observe_otlp_points_total{dropped}"].ShouldBe(1);
        values["observe_otlp_points_total{rejected}"].ShouldBe(0);
        values["observe_otlp_points_total{superseded}"].ShouldBe(0);
        values["observe_otlp_failures_total{http_503}"].ShouldBe(1);
        values["observe_otlp_failures_total{http_400}"].ShouldBe(1);
        values["observe_otlp_request_bytes_total{}"].ShouldBe(receiver.Requests.Last().WireBytes);
        values["observe_otlp_last_success_timestamp_seconds{}"].ShouldBe(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 10);
    }

    [Fact]
    public async Task Collect_WithoutEndpoint_AddsNothing() => (await Collect(new OtlpCollector(new OtlpExporterStatus(), Host, 1))).ShouldBeEmpty();

    [Fact]
    public async Task Collect_ReceiverInventsStatusCodes_SeriesStayBounded()
    {
        await using var receiver = await OtlpReceiver.StartAsync(answer: (context, attempt) => OtlpReceiver.Fail(context, 505 + attempt));
        await using var running = await Running.StartAsync(Running.Options(receiver.Url()) with { Interval = TimeSpan.FromMilliseconds(5) });
        await running.Until(() => running.Status.Failures.Values.Sum() >= 50, "failed often");
        await running.StopAsync();
        var failures = (await Collect(new OtlpCollector(running.Status, Host, 1))).Where(x => x.Key.StartsWith("observe_otlp_failures", StringComparison.Ordinal)).ToList();
        failures.Count.ShouldBe(33);
        // The last may have been on its way when the exporter was stopped.
        failures.Sum(x => x.Value).ShouldBeInRange(receiver.Requests.Count - 1, receiver.Requests.Count);
    }
}
