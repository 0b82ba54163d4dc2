using Observe.Collectors.Identity;
using Observe.Collectors.Sched;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Sched;

/// <summary>Waits' spans are exported with the waits, and throttled spells' with the spells.</summary>
public sealed class WorkloadAccountExemplarTests
{
    private const ulong Now = 1_700_000_000_000_000_000;

    private static readonly KernelTraits Traits = new()
    {
        HasSchedInfo = true,
        HasTaskStorage = true,
        CreatesStorageUnderLock = true,
        PassesPreviousState = true,
        MarksThrottledTasks = true,
        HasThrottleClock = true,
        DelaysDequeue = true,
        HasThrottleFunctions = false,
        TracksIrq = true,
        TracksSteal = true,
        CpuController = 0,
    };

    [Fact]
    public void Export_WaitsAndSpells_EachHaveTheirOwn()
    {
        var registry = new WorkloadRegistry();
        var store = new ExemplarStore(new LossCounters());
        var web = registry.Born(1, "/system.slice/web.service", 1);
        var account = new WorkloadAccount(web, store.Open(web), Traits, LedgerThrottle.Task, 1, () => new DelayAccount(web, 1, TimeProvider.System));
        account.Sum.SpellsToFill()[100] = 1;
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());

        // Offered before the workload's series exist: its first collection has them.
        store.Offer(StallOf(StallKind.Wait, web, 33_000_000), 1, 2).ShouldBeTrue();
        store.Offer(StallOf(StallKind.Throttle, web, 70_000_000), 3, 4).ShouldBeTrue();
        account.Export(builder);

        using var lease = builder.Build(Now);
        ExemplarsOf(lease.Snapshot, MetricCatalog.RunqueueWait).ShouldBe([new Exemplar(0.033, Now, 1, 2)]);
        ExemplarsOf(lease.Snapshot, MetricCatalog.Throttle).ShouldBe([new Exemplar(0.07, Now, 3, 4)]);
    }

    private static Exemplar[] ExemplarsOf(MetricSnapshot snapshot, MetricDescriptor metric) =>
        [.. snapshot.ExemplarsOf(snapshot.Families.Single(family => family.Metric == metric).Points[0])];

    private static Stall StallOf(StallKind kind, Workload workload, long nanoseconds) =>
        new(kind, workload, UtcInterval.Around((long)Now - nanoseconds, 0), UtcInterval.Around((long)Now, 0), new StalledThread(1, 1, "t"), 0, [], []) { Nanoseconds = nanoseconds };
}
