using Observe.Collectors.Sched;

namespace Observe.Collectors.Tests.Sched;

public sealed class LedgerPlanTests
{
    private static readonly KernelTraits Bare = new()
    {
        HasSchedInfo = true,
        HasTaskStorage = false,
        CreatesStorageUnderLock = false,
        PassesPreviousState = false,
        MarksThrottledTasks = false,
        HasThrottleClock = false,
        DelaysDequeue = false,
        HasThrottleFunctions = false,
        TracksIrq = false,
        TracksSteal = false,
        CpuController = 1,
    };

    [Fact]
    public void For_TaskBasedThrottling_NeedsNoHook()
    {
        var plan = LedgerPlan.For(Bare with { HasTaskStorage = true, MarksThrottledTasks = true, HasThrottleClock = true, HasThrottleFunctions = true }, ThrottleMethod.Auto)[0];

        plan.ShouldBe(new LedgerPlan(LedgerThrottle.Task, Kprobes: false, TaskStorage: true));
        plan.Uses("ledger_wakeup").ShouldBeFalse();
        plan.Uses("ledger_throttle_fentry").ShouldBeFalse();
        plan.Uses("ledger_switch").ShouldBeTrue();
    }

    [Fact]
    public void For_GroupClock_WatchesWakeupsOnly()
    {
        var plan = LedgerPlan.For(Bare with { HasThrottleClock = true, HasThrottleFunctions = true }, ThrottleMethod.Auto)[0];

        plan.Throttle.ShouldBe(LedgerThrottle.Clock);
        plan.Uses("ledger_wakeup").ShouldBeTrue();
        plan.Uses("ledger_throttle_kprobe").ShouldBeFalse();
    }

    [Fact]
    public void For_DelayedDequeue_WatchesMigrations()
    {
        LedgerPlan.For(Bare with { DelaysDequeue = true }, ThrottleMethod.Auto)[0].Uses("ledger_migrate").ShouldBeTrue();
        LedgerPlan.For(Bare, ThrottleMethod.Auto)[0].Uses("ledger_migrate").ShouldBeFalse();
    }

    [Fact]
    public void For_OldKernel_TriesFentryThenKprobesThenUnknown() =>
        LedgerPlan.For(Bare with { HasThrottleFunctions = true }, ThrottleMethod.Auto).ShouldBe(
        [
            new LedgerPlan(LedgerThrottle.Hooks, Kprobes: false, TaskStorage: false),
            new LedgerPlan(LedgerThrottle.Hooks, Kprobes: true, TaskStorage: false),
            new LedgerPlan(LedgerThrottle.Unknown, Kprobes: false, TaskStorage: false),
        ]);

    [Fact]
    public void For_Stalls_AreGivenUpBeforeAnythingElse() =>
        LedgerPlan.For(Bare with { HasThrottleFunctions = true }, ThrottleMethod.Auto, stalls: true).Take(3).ShouldBe(
        [
            new LedgerPlan(LedgerThrottle.Hooks, Kprobes: false, TaskStorage: false) { Stalls = true },
            new LedgerPlan(LedgerThrottle.Hooks, Kprobes: false, TaskStorage: false),
            new LedgerPlan(LedgerThrottle.Hooks, Kprobes: true, TaskStorage: false) { Stalls = true },
        ]);

    [Fact]
    public void For_Off_NeverLooks() =>
        LedgerPlan.For(Bare with { MarksThrottledTasks = true, HasThrottleClock = true }, ThrottleMethod.Off).ShouldAllBe(plan => plan.Throttle == LedgerThrottle.Unknown);

    [Fact]
    public void For_TaskStorageRefused_FallsBackToThreadIds() =>
        LedgerPlan.For(Bare with { HasTaskStorage = true }, ThrottleMethod.Auto).ShouldBe(
        [
            new LedgerPlan(LedgerThrottle.Unknown, Kprobes: false, TaskStorage: true),
            new LedgerPlan(LedgerThrottle.Unknown, Kprobes: false, TaskStorage: false),
        ]);
}
