using System.Globalization;
using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Far more stalls than are wanted: what is told, what is counted, and what it costs.</summary>
public sealed class StallLimiterTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    private static readonly (string Reason, string Outcome)[] Reasons =
    [
        ("stalls_below_raised_threshold", "threshold_raised"), ("stalls_over_workload_rate", "workload_rate"), ("stalls_over_host_rate", "host_rate"), ("stalls_ring_full", "ring_full"),
    ];

    /// <summary>
    /// On every CPU at once, so that they reach for the same tokens: a workload's own, and with more workloads than shares everybody's.
    /// </summary>
    /// <param name="workloads">Cgroups.</param>
    /// <param name="microseconds">How long each stall is at least: for everybody's, so long that no threshold rises above it.</param>
    [Theory]
    [Trait("kernels", "any")]
    [InlineData(1, 20)]
    [InlineData(8, 70)]
    public async Task Limiter_StallsOnAllCpusAtOnce_TellsAsManyAsAreWantedAndCountsTheRest(int workloads, int microseconds)
    {
        const int PerSecond = 50, Share = 10;
        var rate = Math.Min(workloads * Share, PerSecond);
        await using var limited = new AgentUnderTest { Options = ["--set", "traces.thresholds.stopped=1us", "--set", $"traces.perSecond={PerSecond}"] };
        await limited.InitializeAsync();
        var first = await limited.ScrapeAsync();
        List<TestCgroup> groups = [];
        List<Load> loads = [];
        var seconds = Bed.Seconds(8, 5, 20);
        var known = 0L;
        try
        {
            for (var i = 0; i < workloads; i++)
                groups.Add(TestCgroup.CreateUnified($"storm{i}"));
            for (var i = 0; i < Math.Max(workloads, Bed.Cpus); i++)
                loads.Add(await Load.StartOnAsync(i % Bed.Cpus, groups[i % workloads], "tracestops", Bed.Text(seconds), "--hold-us", $"{microseconds}"));
            foreach (var load in loads)
                known += (await load.EndAsync()).GetProperty("stops").GetInt64();
        }
        finally
        {
            foreach (var load in loads)
                await load.DisposeAsync();
        }
        var last = await limited.ScrapeAllTakenAsync();
        foreach (var group in groups)
            await group.DisposeAsync();

        var passed = last.At.High - first.At.Low;
        var offered = last.Stalls("stopped") - first.Stalls("stopped");
        var told = last.Stalls("stopped", "told") - first.Stalls("stopped", "told");
        var unseen = last.Lost("ledger_switch_unseen") - first.Lost("ledger_switch_unseen");
        var cpu = last.Value("process_cpu_seconds_total") - first.Value("process_cpu_seconds_total");
        Note($"{known} stops; {offered} stalls, {offered / passed:0} a second; {told} told, {told / passed:0.0} a second; the agent took {100 * cpu / passed:0.00} % of a CPU");
        Note(string.Join(' ', last.All("observe_stalls_total", ("kind", "stopped")).Select(each => $"{each.Labels["outcome"]} {each.Value}")) + $"; {unseen} switches unseen");
        // A stop's end may be one of the switches that the hook was not run for; whoever is debugging something adds some.
        offered.ShouldBeInRange(known - unseen, known + (Bed.InVm ? 0 : 20));
        told.ShouldBeLessThanOrEqualTo((rate * (passed + 0.5)) + rate + Bed.Cpus - 1, "a second's worth at once, and a token that all CPUs have taken");
        told.ShouldBeGreaterThanOrEqualTo(Bed.InVm ? rate : 0.5 * rate * seconds, "there were more than enough of them");
        foreach (var (reason, outcome) in Reasons)
            last.Lost(reason).ShouldBe(last.Sum("observe_stalls_total", ("outcome", outcome)), reason);
        last.Told().ShouldBe(last.Taken());
        if (Bed.InVm)
            return;
        (offered / passed).ShouldBeGreaterThan(10_000);
        (cpu / passed).ShouldBeLessThan(0.05);
    }

    [Fact]
    [Trait("kernels", "any")]
    public async Task Waits_TenThousandASecond_AreCountedAsTheHistogramsCountThem()
    {
        await using var limited = new AgentUnderTest { Options = ["--set", "traces.thresholds.wait=2us"] };
        await limited.InitializeAsync();
        var seconds = Bed.Seconds(5, 5, 20);
        await using var group = TestCgroup.Create("storm");
        await using var one = await Load.StartOnAsync(1, group, "pingpong", Bed.Text(seconds + 2));
        await using var two = await Load.StartOnAsync(1, group, "pingpong", Bed.Text(seconds + 2));
        await using var three = await Load.StartOnAsync(1, group, "pingpong", Bed.Text(seconds + 2));
        var first = await limited.ScrapeAsync();
        await Pass(seconds);
        var last = await limited.ScrapeAsync();
        await one.EndAsync();
        await two.EndAsync();
        await three.EndAsync();
        var passed = last.At.Middle - first.At.Middle;
        var offered = last.Stalls("wait") - first.Stalls("wait");
        Note($"{offered / passed:0} offered a second");
        if (!Bed.InVm)
            (offered / passed).ShouldBeGreaterThan(10_000);
        // The histograms count every wait, by the same hook but another way: what is over 3.8 us is offered, what is below 1.9 is not.
        // Both are read in one scrape, some ms apart.
        var (least, most) = (Waits(last, 3.8e-6) - Waits(first, 3.8e-6), Waits(last, 1.9e-6) - Waits(first, 1.9e-6));
        Note($"waits by the histograms: {least} over 3.8 us, {most} over 1.9 us");
        offered.ShouldBeInRange(0.99 * least, 1.01 * most);
    }

    private static double Waits(Scrape scrape, double above)
    {
        var upTo = scrape.All("observe_runqueue_wait_seconds_bucket").Where(each => each.Labels["le"] != "+Inf")
            .GroupBy(each => double.Parse(each.Labels["le"], CultureInfo.InvariantCulture))
            .Where(bucket => bucket.Key >= above).MinBy(bucket => bucket.Key)!.Sum(each => each.Value);
        return scrape.Sum("observe_runqueue_wait_seconds_count") - upTo;
    }
}
