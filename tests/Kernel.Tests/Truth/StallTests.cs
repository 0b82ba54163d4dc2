using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Stalls and who caused them, against loads of which that is known.</summary>
public sealed class StallTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    /// <summary>Sums are exact in ns; the text has them as decimal fractions of a second, some ten of them.</summary>
    private const double Rounding = 1e-7;

    [Fact]
    public async Task Delay_OneRivalOnTheCpu_IsPutDownToIt()
    {
        var seconds = Bed.Seconds(5, 3, 10);
        await using var rivals = TestCgroup.Create("culprit");
        await using var group = TestCgroup.Create("victim");
        await using var rival = await Load.StartOnAsync(1, rivals, "spin", Bed.Text(seconds + 3));
        await using var load = await Load.StartOnAsync(1, group, "spin", Bed.Text(seconds));
        await Pass(0.5);
        var first = await Agent.ScrapeAsync(); // gives the culprits their names
        await load.EndAsync();
        await rival.EndAsync();
        var last = await Agent.ScrapeAsync();

        foreach (var scrape in (Scrape[])[first, last])
            CheckSums(scrape, scrape == last);
        var victim = IdOf(last, group);
        var charged = last.Value("observe_delay_charged_seconds_total", ("workload_id", victim)) - first.Sum("observe_delay_charged_seconds_total", ("workload_id", IdOf(first, group)));
        var caused = last.Sum("observe_delay_seconds_total", ("workload_id", victim), ("culprit_id", IdOf(last, rivals)))
            - first.Sum("observe_delay_seconds_total", ("workload_id", victim), ("culprit_id", IdOf(last, rivals)));
        var waited = (last.Workload(group.Path) - first.Workload(group.Path)).Waiting;
        Note($"waited {waited:0.000000}, charged {charged:0.000000}, of it the rival {caused:0.000000} ({100 * caused / charged:0.00} %)");
        Note(Shown(last, victim));
        charged.ShouldBeGreaterThan(0.25 * seconds, "half of its time the victim waits, in turns of some ms");
        charged.ShouldBeLessThanOrEqualTo(waited + 0.1, "the wait that was open at the first scrape is charged when it ends");
        // What others take of this CPU, the tests' own programs among them, is rightly theirs.
        var others = Others(last) - Others(first);
        Note($"other workloads {others:0.000000}");
        (caused / (charged - others)).ShouldBeGreaterThanOrEqualTo(0.95);

        double Others(Scrape scrape) => scrape.Sum("observe_delay_seconds_total", ("workload_id", victim), ("culprit_kind", "workload"))
            - scrape.Sum("observe_delay_seconds_total", ("workload_id", victim), ("culprit_id", IdOf(last, rivals)));
    }

    [Fact]
    public async Task Delay_ThreadsOfOneWorkload_IsItsOwn()
    {
        await using var group = TestCgroup.Create("self");
        await using var load = await Load.StartOnAsync(1, group, "spin", Bed.Text(Bed.Seconds(3, 2)), "--threads", "3");
        await Pass(0.5);
        await Agent.ScrapeAsync();
        await load.EndAsync();
        var last = await Agent.ScrapeAsync();

        CheckSums(last, atRest: true);
        var victim = IdOf(last, group);
        var shown = Shown(last, victim);
        Note(shown);
        // The first half second is in other: names are given at a collection.
        var others = last.Sum("observe_delay_seconds_total", ("workload_id", victim), ("culprit_kind", "workload"));
        last.Sum("observe_delay_seconds_total", ("workload_id", victim), ("culprit_kind", "self"))
            .ShouldBeGreaterThan(0.4 * (last.Value("observe_delay_charged_seconds_total", ("workload_id", victim)) - others), shown);
    }

    [Fact]
    public async Task Throttle_SpinnerWithAQuota_StallsAreTheKernelsThrottledTime()
    {
        var before = await Agent.ScrapeAsync();
        await using var group = TestCgroup.Create("stallquota");
        await using var load = await Load.StartAsync(group, "spin", Bed.Text(Bed.Seconds(4, 3)), "--cpu", "1");
        group.SetQuota(20_000);
        await load.EndAsync();
        var last = await Agent.ScrapeAsync();

        var stalls = Stalls(last, "throttle") - Stalls(before, "throttle");
        var told = Stalls(last, "throttle", "told") - Stalls(before, "throttle", "told");
        var length = last.Value("observe_stall_seconds_total", ("kind", "throttle")) - before.Value("observe_stall_seconds_total", ("kind", "throttle"));
        var truth = group.ThrottledLocal() ?? group.Throttled();
        Note($"{stalls} stalls of {length:0.000000} s, {told} told; kernel {truth:0.000000} s");
        stalls.ShouldBeGreaterThan(10);
        told.ShouldBeGreaterThan(0);
        length.ShouldBeInRange(truth - 0.1, truth + 0.1);
    }

    [Fact]
    public async Task Blocked_UninterruptibleSleep_IsOneStallOfItsLength()
    {
        var before = await Agent.ScrapeAsync();
        await using var group = TestCgroup.Create("stalld");
        await using var load = await Load.StartAsync(group, "dstate", "1.5");
        var said = await load.EndAsync();
        var last = await AllTakenAsync(Agent);

        var length = last.Value("observe_stall_seconds_total", ("kind", "blocked")) - before.Value("observe_stall_seconds_total", ("kind", "blocked"));
        var told = Stalls(last, "blocked", "told") - Stalls(before, "blocked", "told");
        Note($"{told} told, {length:0.000000} s; the load saw {Load.Seconds(said, "blocked_ns"):0.000000} s");
        told.ShouldBeGreaterThanOrEqualTo(1);
        length.ShouldBeGreaterThan(Load.Seconds(said, "blocked_ns") - 0.1);
    }

    [Fact]
    public async Task Stopped_BySignal_IsOneStallOfEachThread()
    {
        const int Threads = 4; // three that spin, and the one that waits for them
        var before = await Agent.ScrapeAsync();
        await using var group = TestCgroup.Create("stallstop");
        await using var load = await Load.StartAsync(group, "spin", Bed.Text(Bed.Seconds(3.5, 4)), "--threads", $"{Threads - 1}");
        var stopping = Scrape.Now;
        await SignalAsync(load, "STOP");
        while (!AllStopped(load.Pid))
            await Pass(0.005);
        var stopped = Scrape.Now;
        await Pass(1.5);
        var continuing = Scrape.Now;
        await SignalAsync(load, "CONT");
        var continued = Scrape.Now;
        await load.EndAsync();
        var last = await AllTakenAsync(Agent);

        var stalls = Stalls(last, "stopped") - Stalls(before, "stopped");
        var told = Stalls(last, "stopped", "told") - Stalls(before, "stopped", "told");
        var length = last.Value("observe_stall_seconds_total", ("kind", "stopped")) - before.Value("observe_stall_seconds_total", ("kind", "stopped"));
        var truth = new Interval(Threads * (continuing - stopped), Threads * (continued - stopping));
        var slack = Bed.InVm ? 0.05 : 1e-3;
        Note($"{stalls} stalls of {length:0.000000} s, {told} told; the threads were stopped for {truth.Low:0.000000} to {truth.High:0.000000} s in all");
        told.ShouldBeGreaterThanOrEqualTo(Threads);
        length.ShouldBeGreaterThan(truth.Low - slack, "it is said to be stopped just before it leaves its CPU");
        if (Bed.InVm || stalls == Threads)
            length.ShouldBeLessThan(truth.High + slack);
        if (Bed.InVm)
            stalls.ShouldBe(Threads, "nobody else stops anything there");
        var account = last.Workload(group.Path);
        account.Sleeping.ShouldBeGreaterThan(truth.Low - slack, "to the ledger it sleeps");
        account.Blocked.ShouldBeLessThan(0.1 * truth.Low);
    }

    [Fact]
    public async Task Limiter_TenThousandStallsASecond_TellsAsManyAsAreWantedAndCountsTheRest()
    {
        const int PerSecond = 50;
        await using var limited = new AgentUnderTest { Options = ["--set", "traces.thresholds.wait=2us", "--set", $"traces.perSecond={PerSecond}"] };
        await limited.InitializeAsync();
        var seconds = Bed.Seconds(8, 5, 20);
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
        var offered = Stalls(last, "wait") - Stalls(first, "wait");
        var told = Told(last) - Told(first);
        var cpu = last.Value("process_cpu_seconds_total") - first.Value("process_cpu_seconds_total");
        Note($"{offered / passed:0} offered a second, {told / passed:0.0} told; the agent took {100 * cpu / passed:0.0} % of a CPU, two scrapes included");
        Note(string.Join(' ', last.All("observe_stalls_total", ("kind", "wait")).Select(each => $"{each.Labels["outcome"]} {each.Value}")));
        if (!Bed.InVm)
        {
            (offered / passed).ShouldBeGreaterThan(10_000);
            (cpu / passed).ShouldBeLessThan(0.05);
        }
        told.ShouldBeLessThanOrEqualTo((PerSecond * (passed + 0.5)) + PerSecond + Bed.Cpus, "a bucket's worth, and a token that CPUs have taken at once");
        told.ShouldBeGreaterThan(0);
        await AllTakenAsync(limited);
        // The histograms count every wait, by the same hook but another way: what is over 3.8 us is offered, what is below 1.9 is not.
        // Both are read in one scrape, some ms apart.
        var (least, most) = (Waits(last, 3.8e-6) - Waits(first, 3.8e-6), Waits(last, 1.9e-6) - Waits(first, 1.9e-6));
        Note($"waits by the histograms: {least} over 3.8 us, {most} over 1.9 us");
        offered.ShouldBeInRange(0.99 * least, 1.01 * most);
    }

    /// <summary>
    /// What the kernel says it told is what came into the timeline, to the last one. Stalls go on meanwhile, so one may be told
    /// between the two readings of a scrape: but one that is lost is missing in every scrape.
    /// </summary>
    private static async Task<Scrape> AllTakenAsync(AgentUnderTest agent)
    {
        for (var attempt = 1; ; attempt++)
        {
            var scrape = await agent.ScrapeAsync();
            if (Taken(scrape) == Told(scrape))
                return scrape;
            attempt.ShouldBeLessThan(20, $"{Told(scrape)} told, {Taken(scrape)} taken");
        }
    }

    private static async Task SignalAsync(Load load, string signal)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{load.Pid}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Each thread leaves its CPU by itself when it is told to stop.</summary>
    private static bool AllStopped(int pid) =>
        Directory.EnumerateDirectories($"/proc/{pid}/task").All(task => File.ReadAllText($"{task}/stat") is var stat && stat[stat.LastIndexOf(')') + 2] == 'T');

    private static string IdOf(Scrape scrape, TestCgroup group) => scrape.All("observe_workload_info", ("observe_cgroup_path", group.Path)).FirstOrDefault()?.Labels["workload_id"] ?? "";

    /// <summary>All parts of each workload's delay are its whole, which the kernel keeps apart.</summary>
    private static void CheckSums(Scrape scrape, bool atRest)
    {
        var workloads = 0;
        foreach (var whole in scrape.All("observe_delay_charged_seconds_total"))
        {
            var id = whole.Labels["workload_id"];
            var parts = scrape.Sum("observe_delay_seconds_total", ("workload_id", id), ("workload_kind", whole.Labels["workload_kind"]));
            // Of those that run, a wait that ends while the parts are read is in some of them.
            var isAtRest = atRest && whole.Labels["workload"].StartsWith("observe-test", StringComparison.Ordinal);
            parts.ShouldBe(whole.Value, isAtRest ? Rounding : 0.2, $"{id}: {Shown(scrape, id)}");
            workloads++;
        }
        workloads.ShouldBeGreaterThan(0);
    }

    private static string Shown(Scrape scrape, string id) =>
        string.Join("; ", scrape.All("observe_delay_seconds_total", ("workload_id", id)).Select(each => $"{each.Labels["culprit"]} ({each.Labels["culprit_kind"]}) {each.Value:0.000000}"));

    private static double Stalls(Scrape scrape, string kind) => scrape.Sum("observe_stalls_total", ("kind", kind));

    private static double Stalls(Scrape scrape, string kind, string outcome) => scrape.Value("observe_stalls_total", ("kind", kind), ("outcome", outcome));

    private static double Told(Scrape scrape) => scrape.Sum("observe_stalls_total", ("outcome", "told"));

    /// <summary>What the timeline has had of the kernel.</summary>
    private static double Taken(Scrape scrape) =>
        scrape.Sum("observe_timeline_events_total", ("source", "kernel"), ("outcome", "accepted")) + scrape.Sum("observe_timeline_events_total", ("source", "kernel"), ("outcome", "dropped"));

    private static double Waits(Scrape scrape, double above)
    {
        var upTo = scrape.All("observe_runqueue_wait_seconds_bucket").Where(each => each.Labels["le"] != "+Inf")
            .GroupBy(each => double.Parse(each.Labels["le"], System.Globalization.CultureInfo.InvariantCulture))
            .Where(bucket => bucket.Key >= above).MinBy(bucket => bucket.Key)!.Sum(each => each.Value);
        return scrape.Sum("observe_runqueue_wait_seconds_count") - upTo;
    }
}
