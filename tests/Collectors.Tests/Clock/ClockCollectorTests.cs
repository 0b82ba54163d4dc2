using Observe.Bpf.Host;
using Observe.Collectors.Clock;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Clock;

public sealed class ClockCollectorTests
{
    private const long Epoch = 1_700_000_000_000_000_000;
    private readonly UnifiedClock clock = new();
    private long monotonic = 1_000_000;
    private long realTime = Epoch;
    private ClockDiscipline discipline = new(3_000_000, 100_000, 2_000, true);

    [Fact]
    public async Task Collect_DisciplinedClock_ExportsItsErrorAndWhatIsPending()
    {
        using var collector = Make();
        using var lease = await CollectAsync(collector);

        Of(lease, MetricCatalog.ClockError).ShouldBe(0.003, 0.00001);
        Of(lease, MetricCatalog.ClockOffset).ShouldBe(-0.000002, 1e-12);
        Of(lease, MetricCatalog.ClockSteps).ShouldBe(0);
        collector.Status.ShouldHaveSingleItem().Level.ShouldBe(StatusLevel.Ok);
    }

    [Fact]
    public async Task Timer_BetweenCollections_NoticesAStep()
    {
        using var collector = Make();
        Pass();
        realTime += 5_000_000_000;
        // Back again before anybody collects: only who looked meanwhile knows.
        for (var i = 0; i < 100 && clock.Steps == 0; i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        realTime -= 5_000_000_000;
        Pass();
        using var lease = await CollectAsync(collector);

        Of(lease, MetricCatalog.ClockSteps).ShouldBe(2);
    }

    [Fact]
    public void Status_NobodyDisciplinesIt_IsSaid()
    {
        discipline = new ClockDiscipline(16_000_000_000, 16_000_000_000, 0, false);
        using var collector = Make();
        var row = collector.Status.ShouldHaveSingleItem();
        row.Level.ShouldBe(StatusLevel.Absent);
        row.Remedy.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Collect_TheHostsOwnClocks_AgreeWithTheRuntimes()
    {
        var real = new UnifiedClock();
        using var collector = new ClockCollector(real, new Resource([], []), TimeProvider.System);
        using var lease = await CollectAsync(collector);

        for (var i = 0; i < 100_000; i++)
        {
            // Each reading of the wall clock lies between two readings of the other, as what both convert to.
            var before = (long)MonotonicClock.Nanoseconds;
            var wall = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
            var after = (long)MonotonicClock.Nanoseconds;
            var maximum = HostClock.Discipline().MaximumError;
            wall.ShouldBeGreaterThanOrEqualTo(real.ToUtc(before).Earliest + maximum - 1_100_000);
            wall.ShouldBeLessThanOrEqualTo(real.ToUtc(after).Latest - maximum + 1_100_000);
        }
    }

    private static async Task<MetricSnapshot.Lease> CollectAsync(ClockCollector collector)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        (await collector.CollectAsync(builder, TestContext.Current.CancellationToken)).ShouldBe(CollectResult.Ok);
        return builder.Build(1);
    }

    private static double Of(MetricSnapshot.Lease lease, MetricDescriptor metric) => lease.Snapshot.Families.Single(family => family.Metric == metric).Points.ToArray().ShouldHaveSingleItem().Value;

    private ClockCollector Make() => new(clock, new Resource([], []), TimeProvider.System, () => (monotonic, realTime, monotonic + 100), () => discipline, null);

    private void Pass()
    {
        monotonic += 1_000_000_000;
        realTime += 1_000_000_000;
    }
}
