using Observe.Collectors.Time;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Time;

public sealed class RemoteClockTests
{
    private const long Second = 1_000_000_000;
    private const long Epoch = 1_760_000_000 * Second;

    private readonly UnifiedClock utc = new();
    private readonly RemoteClock remote;
    private long now = 100 * Second;

    public RemoteClockTests() => remote = new RemoteClock("there", utc, new Resource([], []), 0, () => now);

    [Fact]
    public void ToUtc_BeforeAnyAnswer_TakesWhatItShowedForUtc()
    {
        KnowUtc();

        remote.IsReady.ShouldBeFalse();
        (remote.Now, remote.Offset).ShouldBe((null, null));
        remote.ToUtc(Epoch + 7).ShouldBe(UtcInterval.Around(Epoch + 7, 0));
        Export().ShouldBeEmpty();
    }

    [Fact]
    public void ToUtc_AheadByThreeSeconds_IsThreeSecondsBefore()
    {
        KnowUtc();
        remote.Take(new ClockReading(now - 2_000_000, Epoch + now + (3 * Second), now));

        var when = remote.ToUtc(Epoch + now + (3 * Second), resolution: 1_000_000);

        when.Contains(Epoch + now).ShouldBeTrue();
        // Half of the way there and back, what it cut off, and what the clocks may have drifted apart.
        when.Error.ShouldBeInRange(1_000_000, 2_000_000);
        Math.Abs(remote.Now!.Value - (Epoch + now + (3 * Second))).ShouldBeLessThanOrEqualTo(1_000_000);
        Math.Abs(remote.Offset!.Value.Offset - (3 * Second)).ShouldBeLessThanOrEqualTo(1_000_000);
        var exported = Export().ToDictionary(each => each.Name, each => each.Value);
        exported.Keys.ShouldBe(["observe_clock_offset_seconds", "observe_clock_error_seconds", "observe_clock_steps_total"], ignoreOrder: true);
        exported["observe_clock_offset_seconds"].ShouldBe(3, 0.001);
        exported["observe_clock_error_seconds"].ShouldBeInRange(0.001, 0.002);
        exported["observe_clock_steps_total"].ShouldBe(0);
    }

    [Fact]
    public void Export_ThisHostsClockUnknown_SaysNothing()
    {
        remote.Take(new ClockReading(now - 1000, Epoch + now, now));

        remote.IsReady.ShouldBeTrue();
        remote.Offset.ShouldBeNull();
        Export().ShouldBeEmpty();
    }

    [Fact]
    public void Take_AnswersInAnotherOrderThanTheyCame_KeepsTheLater()
    {
        KnowUtc();
        remote.Take(new ClockReading(now - 3000, Epoch + now, now - 1000));
        remote.Take(new ClockReading(now - 4000, Epoch + now + (60 * Second), now - 2000));

        Math.Abs(remote.Offset!.Value.Offset).ShouldBeLessThanOrEqualTo(1_000_000);
        Export().Single(each => each.Name == "observe_clock_steps_total").Value.ShouldBe(0);
    }

    [Fact]
    public void Take_ClockWasSet_IsCounted()
    {
        KnowUtc();
        remote.Take(new ClockReading(now - 1000, Epoch + now, now));
        now += Second;
        remote.Take(new ClockReading(now - 1000, Epoch + now + (60 * Second), now));

        Export().Single(each => each.Name == "observe_clock_steps_total").Value.ShouldBe(1);
    }

    private void KnowUtc() => utc.Take(new ClockReading(now - 10, Epoch + now, now), 0);

    private (string Name, double Value)[] Export()
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        remote.Export(builder);
        using var lease = builder.Build(1);
        return [.. lease.Snapshot.Families.SelectMany(family => family.Points.ToArray()).Select(point =>
        {
            point.Series.Labels.ShouldHaveSingleItem().Value.ShouldBe("there");
            return (point.Series.Metric.PrometheusName, point.Value);
        })];
    }
}
