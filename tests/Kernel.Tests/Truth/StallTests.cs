using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Single stalls, against loads of which it is known how long they were.</summary>
public sealed class StallTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    [Fact]
    public async Task Throttle_SpinnerWithAQuota_StallsAreTheKernelsThrottledTime()
    {
        var before = await Agent.ScrapeAsync();
        await using var group = TestCgroup.Create("stallquota");
        await using var load = await Load.StartAsync(group, "spin", Bed.Text(Bed.Seconds(4, 3)), "--cpu", "1");
        group.SetQuota(20_000);
        await load.EndAsync();
        var last = await Agent.ScrapeAsync();

        var stalls = last.Stalls("throttle") - before.Stalls("throttle");
        var told = last.Stalls("throttle", "told") - before.Stalls("throttle", "told");
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
        var last = await Agent.ScrapeAllTakenAsync();

        var length = last.Value("observe_stall_seconds_total", ("kind", "blocked")) - before.Value("observe_stall_seconds_total", ("kind", "blocked"));
        var told = last.Stalls("blocked", "told") - before.Stalls("blocked", "told");
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
        var last = await Agent.ScrapeAllTakenAsync();

        var stalls = last.Stalls("stopped") - before.Stalls("stopped");
        var told = last.Stalls("stopped", "told") - before.Stalls("stopped", "told");
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

    private static async Task SignalAsync(Load load, string signal)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{load.Pid}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Each thread leaves its CPU by itself when it is told to stop.</summary>
    private static bool AllStopped(int pid) =>
        Directory.EnumerateDirectories($"/proc/{pid}/task").All(task => File.ReadAllText($"{task}/stat") is var stat && stat[stat.LastIndexOf(')') + 2] == 'T');
}
