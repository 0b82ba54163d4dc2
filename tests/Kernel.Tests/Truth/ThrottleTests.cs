using System.Text.Json;
using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>
/// Throttled time against the kernel's own, and waiting not inflated by it. The kernel counts the time that a quota kept
/// a run queue off, we count its threads': with one thread a run queue, which is what all of these have, they are one.
/// A thread that sleeps while its run queue is throttled is where they differ: no such thread here.
/// </summary>
public sealed class ThrottleTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    /// <summary>A program may be throttled once more between its last look at its own account and its end: up to a period.</summary>
    private const double LastSpell = 0.1;

    private static readonly string Seconds = Bed.Text(Bed.Seconds(6, 3, 10));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Throttled_OneSpinnerWithAQuota_IsTheKernels(bool competitor)
    {
        await using var others = TestCgroup.Create("rival");
        await using var other = competitor ? await Load.StartAsync(others, "spin", Bed.Text(Bed.Seconds(8, 4.5, 12)), "--cpu", "1") : null;
        await using var group = TestCgroup.Create("quota");
        await using var load = await Load.StartAsync(group, "spin", Seconds, "--cpu", "1");
        group.SetQuota(20_000); // only now: the program's own start is not part of what it sees itself
        var said = await load.EndAsync();
        await CheckAsync(group, group, said.GetProperty("threads")[0]);
    }

    [Fact]
    public async Task Throttled_QuotaOfTheParent_CountsInTheChild()
    {
        await using var parent = TestCgroup.Create("parent");
        var child = parent.Child("child");
        await using var load = await Load.StartAsync(child, "spin", Seconds, "--cpu", "1");
        parent.SetQuota(20_000);
        var said = await load.EndAsync();
        child.Throttled().ShouldBe(0, "the child has no quota");
        await CheckAsync(child, parent, said.GetProperty("threads")[0]);
    }

    [Fact]
    public async Task Throttled_NestedQuotasThatBothBite_IsTheKernelsOfEachThread()
    {
        await using var parent = TestCgroup.Create("nested");
        var child = parent.Child("child");
        var sibling = parent.Child("sibling");
        // All on one CPU: the parent's own count, where there is no other, is that of this one.
        await using var other = await Load.StartAsync(sibling, "spin", Bed.Text(Bed.Seconds(8, 4.5, 12)), "--cpu", "1");
        await using var load = await Load.StartAsync(child, "spin", Seconds, "--cpu", "1");
        parent.SetQuota(60_000, 200_000);
        child.SetQuota(5_000); // less than its share of what the parent has
        await load.EndAsync();
        var spent = (await Agent.ScrapeAsync()).Workload(child.Path);

        Note($"{spent}; kernel: parent {parent.Throttled():0.000000}, child {child.Throttled():0.000000}, child local {child.ThrottledLocal():0.000000}");
        child.Throttled().ShouldBeGreaterThan(0.1);
        parent.Throttled().ShouldBeGreaterThan(0.1);
        // Both at once count once for the thread: between the larger of the two and their sum.
        var truth = child.ThrottledLocal() is { } local ? local : new Interval(Math.Max(parent.Throttled(), child.Throttled()), parent.Throttled() + child.Throttled());
        // Not against the load's own waits: it is throttled again after its last look at them, before it can end.
        Agree("throttled", spent.Throttled, truth, Tolerance.Throttled);
    }

    [Fact]
    public async Task Throttled_TwoCpus_IsTheSumOverBoth()
    {
        await using var group = TestCgroup.Create("two");
        await using var one = await Load.StartAsync(group, "spin", Seconds, "--cpu", "0");
        await using var two = await Load.StartAsync(group, "spin", Seconds, "--cpu", "1");
        group.SetQuota(60_000);
        var first = (await one.EndAsync()).GetProperty("threads")[0];
        var second = (await two.EndAsync()).GetProperty("threads")[0];
        var waited = Load.Seconds(first, "wait_ns") + Load.Seconds(second, "wait_ns");
        var spent = (await Agent.ScrapeAsync()).Workload(group.Path);

        Note($"{spent}; kernel: {group.Throttled():0.000000}, local {group.ThrottledLocal():0.000000}");
        Agree("throttled", spent.Throttled, group.ThrottledLocal() ?? group.Throttled(), Tolerance.Throttled);
        Agree("waiting and throttled", spent.Waiting + spent.Throttled, new Interval(waited, waited + (2 * LastSpell)), Tolerance.Waiting, Elapsed(first) + Elapsed(second));
    }

    [Fact]
    public async Task Throttled_QuotaChangedWhileRunning_IsTheKernels()
    {
        var third = Bed.Seconds(2, 1.2, 4);
        await using var group = TestCgroup.Create("changing");
        await using var load = await Load.StartAsync(group, "spin", Bed.Text(3 * third), "--cpu", "1");
        group.SetQuota(10_000);
        await Pass(third);
        group.SetQuota(50_000);
        await Pass(third);
        group.SetQuota(null);
        var said = await load.EndAsync();
        await CheckAsync(group, group, said.GetProperty("threads")[0]);
    }

    [Fact]
    public async Task Throttled_QuotaFromTheStart_CountsTheFirstSpell()
    {
        // As a container is started: a process joins the limited cgroup and runs on; its quota is used up before it ever
        // gives up its CPU. One thread all the time, asleep for 1 ms of every second.
        await using var group = TestCgroup.Create("start");
        group.SetQuota(2_000, 500_000);
        await using var load = await Load.StartOnAsync(1, group, "sleepwake", Bed.Text(Bed.Seconds(2, 1.5)), "--period-us", "1000000", "--work-us", "999000");
        await load.EndAsync();
        var spent = (await Agent.ScrapeAsync()).Workload(group.Path);

        Note($"{spent}; kernel: {group.Throttled():0.000000}, local {group.ThrottledLocal():0.000000}");
        Agree("throttled", spent.Throttled, ToTheEnd(group, 0.5), Tolerance.Throttled);
    }

    [Fact]
    public async Task Throttled_OpenSpell_ShowsWhileItLasts()
    {
        // 5 ms in every second: nearly always throttled, and every scrape comes in the middle of a spell.
        await using var group = TestCgroup.Create("open");
        await using var load = await Load.StartOnAsync(1, group, "spin", Bed.Text(Bed.Seconds(5, 3)));
        group.SetQuota(5_000, 1_000_000);
        await Pass(0.2);
        var first = await Agent.ScrapeAsync();
        await Pass(Bed.Seconds(3, 2));
        var second = await Agent.ScrapeAsync();
        var spent = second.Workload(group.Path) - first.Workload(group.Path);
        await load.EndAsync();

        Note($"{spent}");
        // Two threads, one asleep: the other is throttled unless it runs or waits to.
        var elapsed = second.Elapsed - first.Elapsed;
        Agree("throttled while it lasts", spent.Throttled, elapsed - spent.OnCpu - spent.Waiting, Tolerance.Open, elapsed);
        spent.Throttled.ShouldBeGreaterThan(0.9 * elapsed);
        var whole = (await Agent.ScrapeAsync()).Workload(group.Path);
        // On their way out both threads may be throttled together, for one period, which the kernel counts once.
        var truth = ToTheEnd(group, 1);
        Agree("throttled when it is over", whole.Throttled, truth with { High = truth.High + 1 }, Tolerance.Throttled);
    }

    /// <summary>
    /// The kernel's figure for a group whose last thread has left. Before 6.6 (79462e8c879a) it goes on while a throttled
    /// group has no thread: up to one period.
    /// </summary>
    /// <param name="group">The group.</param>
    /// <param name="period">Of its quota, seconds.</param>
    private static Interval ToTheEnd(TestCgroup group, double period) =>
        group.ThrottledLocal() is { } local ? local : new Interval(group.Throttled() - period, group.Throttled());

    /// <param name="group">Where the spinner ran.</param>
    /// <param name="limited">Whose quota kept it off.</param>
    /// <param name="said">What the spinner saw.</param>
    private async Task CheckAsync(TestCgroup group, TestCgroup limited, JsonElement said)
    {
        var spent = (await Agent.ScrapeAsync()).Workload(group.Path);
        Note($"{spent}; kernel: {limited.Throttled():0.000000}, local {group.ThrottledLocal():0.000000}");
        var truth = group.ThrottledLocal() ?? limited.Throttled();
        truth.ShouldBeGreaterThan(0.3, "the quota did not bite: there is nothing to compare");
        Agree("throttled", spent.Throttled, truth, Tolerance.Throttled);
        var delay = Load.Seconds(said, "wait_ns");
        // Relative to elapsed time: the program also waits before it looks at its account; WaitTests compares to the ns.
        Agree("waiting and throttled", spent.Waiting + spent.Throttled, new Interval(delay, delay + LastSpell), Tolerance.Waiting, Elapsed(said));
        Agree("waiting, against run_delay without the kernel's throttled time", spent.Waiting, new Interval(Math.Max(0, delay - truth), Math.Max(0, delay - truth) + LastSpell), Tolerance.Throttled, Elapsed(said));
        Agree("spells", spent.SpellSum, spent.Throttled, 1e-6);
        Agree("running", spent.Running, Load.Seconds(said, "cpu_ns"), Tolerance.Usage, Elapsed(said));
    }

    private static double Elapsed(JsonElement said) => Load.Seconds(said, "end_ns") - Load.Seconds(said, "start_ns");
}
