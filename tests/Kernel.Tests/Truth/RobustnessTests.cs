using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Whatever happens to threads, cgroups and CPUs: nothing goes back, nothing is absurd, the sums still close.</summary>
[Trait("kernels", "any")]
public sealed class RobustnessTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    [Fact]
    public async Task ForkStorm_WhileScraped_LosesNoTimeAndNothingGoesBack()
    {
        await using var group = TestCgroup.Create("storm");
        await using var watch = new CounterWatch(Agent);
        await using var load = await Load.StartAsync(group, "forkstorm", Bed.Text(Bed.Seconds(4, 2.5)));
        var said = await load.EndAsync();
        await watch.EndAsync();
        var last = await Agent.ScrapeAsync();
        var spent = last.Workload(group.Path);

        Note($"{said}; {watch.Scrapes} scrapes, {watch.Compared} values compared; {spent}");
        spent.Threads.ShouldBe(0);
        Agree("running of all that lived for a moment", spent.Running, group.Usage(), Tolerance.Usage);
        // Each that was born ran at least once, and each coming was counted as a wait.
        spent.WaitCount.ShouldBeGreaterThanOrEqualTo(said.GetProperty("processes").GetInt64() + said.GetProperty("threads").GetInt64());
        spent.ShouldHaveLeftAsOftenAsItCame(last.Lost("ledger_switch_unseen") + last.Lost("ledger_wait_unknown"));
        CheckSums(last);
    }

    [Fact]
    public async Task PidReuse_SmallPidSpace_LosesNoTime()
    {
        const string PidMax = "/proc/sys/kernel/pid_max";
        const int Least = 301; // RESERVED_PIDS, and one: the kernel's own bound on a machine of few CPUs
        var saved = File.ReadAllText(PidMax);
        var alive = Directory.GetDirectories("/proc").Count(path => char.IsAsciiDigit(Path.GetFileName(path)[0]));
        // Room for all there are, their threads and the neighbours' next ones.
        var small = Math.Max(Least, Bed.InVm ? 700 : 300 + (2 * alive) + 3000);
        await using var group = TestCgroup.Create("reuse");
        await using var watch = new CounterWatch(Agent);
        System.Text.Json.JsonElement said;
        try
        {
            File.WriteAllText(PidMax, $"{small}");
            await using var load = await Load.StartAsync(group, "forkstorm", Bed.Text(Bed.Seconds(4, 3.5)));
            said = await load.EndAsync();
        }
        finally
        {
            File.WriteAllText(PidMax, saved);
        }
        await watch.EndAsync();
        var last = await Agent.ScrapeAsync();
        var spent = last.Workload(group.Path);

        var born = said.GetProperty("processes").GetInt64() + said.GetProperty("threads").GetInt64();
        Note($"pid_max {small}: {born} born, every pid {(double)born / small:0.0} times; {watch.Compared} values compared; {spent}");
        said.GetProperty("highest_pid").GetInt64().ShouldBeLessThan(small);
        Assert.SkipWhen(Bed.InVm && born <= small, $"too few were born on this emulated machine for any pid to be used twice: {born} of {small}");
        born.ShouldBeGreaterThan(small, "too few were born for any pid to be used twice");
        spent.Threads.ShouldBe(0);
        Agree("running", spent.Running, group.Usage(), Tolerance.Usage);
        spent.ShouldHaveLeftAsOftenAsItCame(last.Lost("ledger_wait_unknown"));
        CheckSums(last);
    }

    [Fact]
    public async Task CgroupMoves_MidRun_EachCgroupGetsItsPart()
    {
        var first = await Agent.ScrapeAsync();
        await using var watch = new CounterWatch(Agent);
        await using var load = await Load.StartAsync(null, "cgmove", Bed.Text(Bed.Seconds(5, 3)), "--every-ms", "200");
        var names = load.Ready.GetProperty("cgroups").EnumerateArray().Select(name => name.GetString()!).ToArray();
        await Pass(Bed.Seconds(5, 3) - 0.8);
        var during = await Agent.ScrapeAsync();
        var said = await load.EndAsync();
        await watch.EndAsync();

        // Both are gone by now; what they ran up until shortly before is compared with what the load says of all of its time.
        var parts = names.Select(name => during.Workload('/' + name)).ToArray();
        Note($"{said}");
        Note(string.Join("; ", parts.Select(part => $"{part}")));
        CheckSums(first);
        var truth = said.GetProperty("cgroups").EnumerateArray().Select(part => Load.Seconds(part, "cpu_ns")).ToArray();
        var share = parts[0].OnCpu / (parts[0].OnCpu + parts[1].OnCpu);
        // A move every 200 ms, caught at any moment: one stretch more or less for either; under emulation the moves come late.
        Agree("the first one's share", share, truth[0] / (truth[0] + truth[1]), (Bed.InVm ? 0.5 : 0.2) / Bed.Seconds(5, 3), 1);
    }

    [Fact]
    public async Task CgroupMove_OfARunningSpinner_EachCgroupGetsItsUsage()
    {
        var half = Bed.Seconds(1.5, 1.5);
        await using var from = TestCgroup.Create("from");
        await using var to = TestCgroup.Create("to");
        await using var load = await Load.StartAsync(from, "spin", Bed.Text(2 * half), "--cpu", "1");
        await Pass(half);
        to.Join(load.Pid);
        await Pass(half / 2);
        var usage = to.Usage();
        var during = await Agent.ScrapeAsync();
        Agree("running where it went, while it runs", during.Workload(to.Path).Running, new Interval(usage, to.Usage()), Tolerance.Moved, half);
        await load.EndAsync();
        var scrape = await Agent.ScrapeAsync();

        Note($"from: {scrape.Workload(from.Path)}; to: {scrape.Workload(to.Path)}");
        Agree("running where it came from", scrape.Workload(from.Path).Running, from.Usage(), Tolerance.Moved, half);
        Agree("running where it went", scrape.Workload(to.Path).Running, to.Usage(), Tolerance.Moved, half);
    }

    [Fact]
    public async Task CpuHotplug_MidRun_NothingGoesBackAndSumsClose()
    {
        const string Online = "/sys/devices/system/cpu/cpu1/online";
        if (!File.Exists(Online))
            Assert.Skip($"{Online} is not there: this machine cannot take a CPU away");
        if (!Bed.MayUnplug)
            Assert.Skip("takes a CPU from everything that runs on this machine: runs in the virtual machines, and here with OBSERVE_HOTPLUG=1");
        await using var group = TestCgroup.Create("plug");
        var first = await Agent.ScrapeAsync();
        await using var watch = new CounterWatch(Agent);
        await using var load = await Load.StartAsync(group, "spin", Bed.Text(Bed.Seconds(5, 4)), "--threads", "3");
        try
        {
            await Pass(1);
            File.WriteAllText(Online, "0");
            await Pass(1.5);
        }
        finally
        {
            File.WriteAllText(Online, "1");
        }
        await load.EndAsync();
        await watch.EndAsync();
        var last = await Agent.ScrapeAsync();
        var spent = last.Workload(group.Path);

        Note($"{watch.Compared} values compared; {spent}");
        Agree("running", spent.Running, group.Usage(), Tolerance.Usage);
        foreach (var cpu in last.Cpus)
        {
            var residual = last.Residual(cpu) - first.Residual(cpu);
            Note($"CPU {cpu}: residual changed by {residual * 1e6:0.000} us");
            Math.Abs(residual).ShouldBeLessThan(Tolerance.ResidualPerSecond * (last.At - first.At).Middle);
        }
    }

    /// <summary>What all CPUs did in all is what all workloads' threads ran, in any one scrape.</summary>
    private void CheckSums(Scrape scrape)
    {
        foreach (var cpu in scrape.Cpus)
            Math.Abs(scrape.Residual(cpu)).ShouldBeLessThan(Bed.InVm ? 0.1 : 1e-3, $"CPU {cpu}"); // emulated, the two clocks were read ms apart when the account began
        foreach (var reason in (string[])["ledger_slots_full", "ledger_thread_records_full", "ledger_read_torn"])
            scrape.Lost(reason).ShouldBe(0, reason);
        Note($"lost: unseen {scrape.Lost("ledger_switch_unseen")}, clamped {scrape.Lost("ledger_wait_clamped")}, rebased {scrape.Lost("ledger_throttle_rebased")}, unknown {scrape.Lost("ledger_thread_unknown")}");
    }
}
