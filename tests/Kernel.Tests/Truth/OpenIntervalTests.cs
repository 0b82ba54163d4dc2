using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>What lasts is visible while it lasts, and counted once when it ends.</summary>
[Trait("kernels", "any")]
public sealed class OpenIntervalTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    private static readonly double Seconds = Bed.Seconds(6, 3, 30);

    [Fact]
    public async Task Running_PinnedSpinnerThatNeverSwitches_ShowsWhileItRuns()
    {
        await using var group = TestCgroup.CreateUnified("fifo");
        await using var load = await Load.StartAsync(group, ["chrt", "-f", "10"], "spin", [Bed.Text((1.1 * Seconds) + 1.5), "--cpu", "1"]);
        var (first, before) = (await Agent.ScrapeAsync(), SchedStat.Of(load.Pid));
        await Pass(Seconds);
        var (second, after) = (await Agent.ScrapeAsync(), SchedStat.Of(load.Pid));
        var said = (await load.EndAsync()).GetProperty("threads")[0];
        var spent = second.Workload(group.Path) - first.Workload(group.Path);

        Note($"{spent}; switches {spent.Switches}");
        var elapsed = second.Elapsed - first.Elapsed;
        Agree("running, against the kernel's account", spent.Running, after.Running - before.Running, Tolerance.Open);
        Agree("running, against what was left to it", spent.OnCpu, elapsed - (after.RunDelay - before.RunDelay), Tolerance.Open);
        var whole = (await Agent.ScrapeAsync()).Workload(group.Path);
        Agree("running, the whole life", whole.Running, Load.Seconds(said, "cpu_ns"), Tolerance.Open);
    }

    [Fact]
    public async Task Waiting_OneLongWait_ShowsWhileItLastsAndCountsOnce()
    {
        if (Bed.Cpus < 2)
            Assert.Skip("needs two CPUs: one to starve on");
        await using var group = TestCgroup.CreateUnified("starved");
        await using var load = await Load.StartAsync(group, "waiter", Bed.Text(Seconds + 1.5), "--cpu", "1");
        var before = SchedStat.Of(load.Pid);
        var first = await Agent.ScrapeAsync();
        await Pass(Seconds);
        var second = await Agent.ScrapeAsync();
        var after = SchedStat.Of(load.Pid);
        var spent = second.Workload(group.Path) - first.Workload(group.Path);
        var said = await load.EndAsync();
        var whole = (await Agent.ScrapeAsync()).Workload(group.Path);

        Note($"open: {spent}");
        Note($"whole: {whole}");
        // The victim waits all the time; the spinner whenever the kernel holds back real-time threads, up to 50 ms of a
        // second, of which run_delay shows what has ended.
        const double HeldBack = 0.05;
        var elapsed = second.Elapsed - first.Elapsed;
        var others = after.RunDelay - before.RunDelay;
        Agree("waiting while it lasts", spent.Waiting, new Interval(elapsed + others - HeldBack, elapsed + others + HeldBack), Tolerance.Open);
        // When it is over: the victim's one wait, and the others' by their own account.
        var victim = Load.Seconds(said, "waited_ns");
        Agree("waiting when it is over", whole.Waiting, victim + others, Tolerance.Open + (3 * HeldBack / victim));
        Agree("waiting and the histogram's sum", whole.Waiting, whole.WaitSum, 1e-6);
    }

    [Fact]
    public async Task Blocked_OneLongUninterruptibleSleep_ShowsWhileItLastsAndCountsOnce()
    {
        await using var group = TestCgroup.Create("dstate");
        await using var load = await Load.StartAsync(group, "dstate", Bed.Text(Seconds + 1.5));
        var first = await Agent.ScrapeAsync();
        await Pass(Seconds);
        var second = await Agent.ScrapeAsync();
        var spent = second.Workload(group.Path) - first.Workload(group.Path);
        var said = await load.EndAsync();
        var whole = (await Agent.ScrapeAsync()).Workload(group.Path);

        Note($"open: {spent}; whole: {whole}");
        // The first look may come before the thread is there.
        said.GetProperty("samples_blocked").GetInt64().ShouldBeGreaterThanOrEqualTo(said.GetProperty("samples").GetInt64() - 1, "the thread was not in D all the time");
        Agree("blocked while it lasts", spent.Blocked, second.At - first.At, Tolerance.Open);
        Agree("blocked when it is over", whole.Blocked, Load.Seconds(said, "blocked_ns"), Tolerance.Open);
    }

    [Fact]
    public async Task Sleeping_ThreadThatNeverWakes_ShowsWhileItSleeps()
    {
        await using var group = TestCgroup.Create("asleep");
        await using var load = await Load.StartAsync(group, "sleepers", "20");
        await Pass(0.2);
        var first = await Agent.ScrapeAsync();
        await Pass(2);
        var second = await Agent.ScrapeAsync();
        var spent = second.Workload(group.Path) - first.Workload(group.Path);

        Note($"{spent}");
        // Their parent polls and runs a little.
        spent.Threads.ShouldBe(21);
        Agree("sleeping of 20 sleepers and their parent", spent.Sleeping, (second.Elapsed - first.Elapsed) * 21, 0.001);
    }
}
