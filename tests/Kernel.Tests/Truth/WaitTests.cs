using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Waits against the scheduler's own account of each thread: /proc/PID/task/*/schedstat.</summary>
public sealed class WaitTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    [Theory]
    [InlineData("spin", "--threads 3 --cpu 1", null)]
    [InlineData("sleepwake", "--period-us 1000 --work-us 400 --cpu 1", null)]
    [InlineData("spin", "--threads 2 --cpu 1", 40_000)]
    public async Task Waits_UnderContention_AreTheRunDelay(string program, string options, int? quota)
    {
        var seconds = Bed.Seconds(4, 2);
        await using var rivals = TestCgroup.Create("rival");
        await using var rival = await Load.StartAsync(rivals, "spin", Bed.Text(seconds + 4), "--cpu", "1");
        await using var group = TestCgroup.Create("wait");
        group.SetQuota(quota);
        await using var load = await Load.StartAsync(group, program, [Bed.Text(seconds + 3), .. options.Split(' ')]);
        var (first, delayBefore, countBefore) = await ReadAsync(group, load);
        await Pass(seconds);
        var (second, delayAfter, countAfter) = await ReadAsync(group, load);
        var spent = second.Workload(group.Path) - first.Workload(group.Path);

        Note($"{spent}");
        // The kernel counts a wait when it ends, and so do the histograms.
        Agree("waits and throttled spells that ended", spent.WaitSum + spent.SpellSum, delayAfter - delayBefore, Tolerance.Waiting);
        var arrivals = countAfter - countBefore;
        Note($"waits: measured {spent.WaitCount}, truth {arrivals.Low}..{arrivals.High}");
        spent.WaitCount.ShouldBeInRange(arrivals.Low, arrivals.High);
        spent.WaitCount.ShouldBeGreaterThan(0);
        // The counters also show what is open: at most one wait a thread, and none of these is starved for long.
        foreach (var reading in (WorkloadReading[])[first.Workload(group.Path), second.Workload(group.Path)])
            (reading.Waiting + reading.Throttled - reading.WaitSum - reading.SpellSum).ShouldBeInRange(-Tolerance.Reading, 0.5 * reading.Threads);
        if (quota is null)
            (spent.Throttled + spent.SpellCount).ShouldBe(0);
        else
            spent.Throttled.ShouldBeGreaterThan(0.05 * seconds);
    }

    [Fact]
    public async Task Waits_WholeLife_AreWhatTheThreadsSawThemselves()
    {
        await using var group = TestCgroup.Create("waitlife");
        await using var load = await Load.StartAsync(group, "spin", Bed.Text(Bed.Seconds(4, 2)), "--threads", "4", "--cpu", "1");
        var said = await load.EndAsync();
        var last = await Agent.ScrapeAsync();
        var spent = last.Workload(group.Path);

        // The threads look at their own accounts from when all of them are there to when they are done. Each waited once
        // before that, and so did the main thread around it: on an emulated CPU for seconds.
        var waited = said.GetProperty("threads").EnumerateArray().Sum(thread => Load.Seconds(thread, "wait_ns"));
        Note($"{spent}");
        Agree("waiting", spent.Waiting, new Interval(waited, waited + (Bed.InVm ? 5 : 0.1)), Tolerance.Waiting);
        // All are closed: one sum, twice kept.
        Agree("waiting and the histogram's sum", spent.Waiting, spent.WaitSum, 1e-6);
        spent.ShouldHaveLeftAsOftenAsItCame(last.Lost("ledger_wait_unknown"));
    }

    [Fact]
    public async Task Waits_ThreadsMovedInTheirSleep_AreNotTheirSleep()
    {
        var seconds = Bed.Seconds(4, 3);
        await using var rivals = TestCgroup.Create("rival");
        await using var one = await Load.StartAsync(rivals, "spin", Bed.Text(seconds + 2), "--cpu", "0");
        await using var two = await Load.StartAsync(rivals, "spin", Bed.Text(seconds + 2), "--cpu", "1");
        await using var group = TestCgroup.CreateUnified("sleepmove");
        var before = (await Agent.ScrapeAsync()).Lost("ledger_wait_unknown");
        // The mover is quicker than what it moves; its threads are not.
        await using var load = await Load.StartAsync(group, ["chrt", "--reset-on-fork", "--fifo", "10"], "sleepmove", [Bed.Text(seconds)]);
        var said = await load.EndAsync();
        var last = await Agent.ScrapeAsync();
        var spent = last.Workload(group.Path);

        // Nobody sees the last waits of its nine threads, on their way out: a rival's slice each.
        var possible = new Interval(Load.Seconds(said, "waited_least_ns"), Load.Seconds(said, "waited_most_ns") + (9 * 0.004));
        var kernels = Load.Seconds(said, "run_delay_ns");
        var unknown = last.Lost("ledger_wait_unknown") - before;
        Note($"{said}; {spent}; waits of unknown length {unknown}; run_delay {kernels:0.000000}");
        Agree("waiting", spent.Waiting, possible, Tolerance.Waiting, seconds);
        if (kernels > possible.High + 0.1) // from 6.12 the kernel counts sleep as waiting
            unknown.ShouldBeGreaterThan(0);
    }

    private async Task<(Scrape Scrape, Interval Delay, Interval Count)> ReadAsync(TestCgroup group, Load load)
    {
        await Agent.RestAsync();
        var before = SchedStat.Of(load.Pid);
        var scrape = await Agent.ScrapeAsync();
        var after = SchedStat.Of(load.Pid);
        scrape.Has(group.Path).ShouldBeTrue(group.Path);
        return (scrape, new Interval(before.RunDelay, after.RunDelay), new Interval(before.Arrivals, after.Arrivals));
    }
}
