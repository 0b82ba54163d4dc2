using System.Globalization;
using System.Text.Json;
using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>
/// Exits and vCPU time against guests with a known number of exits, and against the kernel's own account of their threads.
/// Where KVM interprets guests, or has none of its halves loaded, no exit is traced: there these are skipped.
/// </summary>
public sealed class KvmTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    private static readonly string[] OnCpu = ["guest", "exit", "halt_poll", "userspace"];

    /// <summary>
    /// Until a vCPU's first entry, and from its last return to the VMM, its thread's time is nobody's: some us, but under
    /// emulation, and while its CPU is another's, up to some time slices.
    /// </summary>
    private static double Edge => Bed.InVm ? 0.15 : 0.001;

    /// <summary>
    /// The kernel takes what interrupts cost out of a thread's CPU time; a vCPU's states have it in. Emulated ones are slow.
    /// </summary>
    private static double Interrupts => Bed.InVm ? 0.03 : 0.001;

    [Fact]
    public async Task Exits_OfAGuestThatMakesAKnownNumber_AreExact()
    {
        SkipWithoutKvm();
        var iterations = Bed.Long ? 100_000 : 50_000;
        await using var group = TestCgroup.Create("guest");
        await using var load = await Load.StartAsync(group, "kvmguest", $"{iterations}", "--cpu", "1");
        var said = (await load.EndAsync()).GetProperty("vcpus")[0];
        var scrape = await Agent.ScrapeAsync();
        var vm = VmOf(scrape, load.Pid);

        Exits(scrape, vm, "cpuid").ShouldBe(iterations);
        Exits(scrape, vm, "io").ShouldBe(iterations + 1);
        said.GetProperty("io").GetInt64().ShouldBe(iterations + 1);
        scrape.Sum("observe_kvm_exit_seconds_count", ("vm", vm), ("reason", "cpuid")).ShouldBe(iterations);
        scrape.Sum("observe_kvm_exit_seconds_count", ("vm", vm), ("reason", "io")).ShouldBe(iterations + 1);
        NothingIsLost(scrape);
        Agree("handling of all exits, against the vCPU's time in them", scrape.Sum("observe_kvm_exit_seconds_sum", ("vm", vm)), Time(scrape, vm, "exit"), 1e-6);
        CheckTime(scrape, vm, 0, said);

        double Part(string part) => scrape.Sum("observe_vm_overhead_seconds_total", ("vm", vm), ("part", part));
        Agree("useful", Part("useful"), Time(scrape, vm, "guest"), 1e-6);
        Agree("trap", Part("trap"), Time(scrape, vm, "exit"), 1e-6);
        Agree("schedule", Part("schedule"), Time(scrape, vm, "waiting") + Time(scrape, vm, "throttled"), 1e-6, 1);
        // The process' own clock, to a tick each of user and system time, and what its start took.
        Agree("isolation", Part("isolation"), Time(scrape, vm, "userspace") + Time(scrape, vm, "halt_poll"), 0.05, Part("useful") + Part("trap"));
        Note($"efficiency {Part("useful") / scrape.Sum("observe_vm_overhead_seconds_total", ("vm", vm)):0.000}");
    }

    [Fact]
    [Trait("kernels", "newest")]
    public async Task Exits_OverTheirThreshold_AreStallsOfTheLengthThatTheHistogramCounts()
    {
        SkipWithoutKvm();
        await using var agent = new AgentUnderTest { Options = ["--set", "traces.thresholds.exit=1us"] };
        await agent.InitializeAsync();
        await using var group = TestCgroup.Create("slow-exits");
        await using var load = await Load.StartAsync(group, "kvmguest", $"{(Bed.InVm ? 5_000 : 50_000)}", "--cpu", "1");
        await load.EndAsync();
        var scrape = await agent.ScrapeAllTakenAsync();

        // Of all guests there are: stalls are counted for all together.
        var handled = scrape.Sum("observe_kvm_exit_seconds_count");
        var time = scrape.Sum("observe_kvm_exit_seconds_sum");
        // The bounds next to the threshold: what is below the first is no stall, what is above the second is one.
        var (below, atMost) = (Shorter(0.96e-6), Shorter(1.92e-6));
        var stalls = scrape.Stalls("exit");
        var length = scrape.Value("observe_stall_seconds_total", ("kind", "exit"));
        Note($"{handled} exits of {time:0.000000000} s, {below} below 0.95 us, {atMost} below 1.9 us; {stalls} stalls of {length:0.000000000} s, {scrape.Stalls("exit", "told")} told");
        scrape.Stalls("exit", "told").ShouldBeGreaterThan(0);
        stalls.ShouldBeInRange(handled - atMost, handled - below);
        // In all that the stalls are not, no exit was longer than the threshold.
        length.ShouldBeInRange(time - ((handled - stalls) * 1e-6) - 1e-7, time + 1e-7);

        double Shorter(double than) => scrape.All("observe_kvm_exit_seconds_bucket")
            .Where(each => each.Labels["le"] != "+Inf" && double.Parse(each.Labels["le"], CultureInfo.InvariantCulture) is var le && le < than && le > than / 2).Sum(each => each.Value);
    }

    [Fact]
    public async Task Exits_OfTwoGuestsAtOnce_AreToldApart()
    {
        SkipWithoutKvm();
        await using var group = TestCgroup.Create("two-guests");
        await using var one = await Load.StartAsync(group, "kvmguest", "10000", "--cpu", "1");
        await using var two = await Load.StartAsync(group, "kvmguest", "7000", "--cpu", "1");
        var first = (await one.EndAsync()).GetProperty("vcpus")[0];
        var second = (await two.EndAsync()).GetProperty("vcpus")[0];
        var scrape = await Agent.ScrapeAsync();

        Exits(scrape, VmOf(scrape, one.Pid), "cpuid").ShouldBe(10_000);
        Exits(scrape, VmOf(scrape, two.Pid), "cpuid").ShouldBe(7_000);
        // On one CPU: each one's waiting is its thread's run_delay.
        foreach (var (load, said) in new[] { (one, first), (two, second) })
        {
            var vm = VmOf(scrape, load.Pid);
            CheckTime(scrape, vm, 0, said);
            Agree("waiting", Time(scrape, vm, "waiting"), Load.Seconds(said, "wait_ns"), Tolerance.Waiting, Load.Seconds(said, "end_ns") - Load.Seconds(said, "start_ns"));
        }
    }

    [Fact]
    public async Task Exits_OfVcpusThatAreMovedBetweenCpus_AreExactAndTheirTimeAddsUp()
    {
        SkipWithoutKvm();
        await using var group = TestCgroup.Create("moving");
        var (pid, said) = await MoveAsync(group);
        if (pid == 0 && Bed.InVm)
        {
            // Seen once in fifteen runs: under emulation a guest that is moved may never come back, and ends itself after a minute.
            Note("the guest stood still: started once more");
            (pid, said) = await MoveAsync(group);
        }
        pid.ShouldNotBe(0, "the guest did not end");
        var scrape = await Agent.ScrapeAsync();
        var vm = VmOf(scrape, pid);

        Exits(scrape, vm, "cpuid").ShouldBe(10_000);
        Exits(scrape, vm, "io").ShouldBe(10_002);
        for (var vcpu = 0; vcpu < 2; vcpu++)
            CheckTime(scrape, vm, vcpu, said[vcpu]);
    }

    /// <returns>The process and what its vCPUs said; 0 if it ended without a word.</returns>
    private static async Task<(int Pid, JsonElement Vcpus)> MoveAsync(TestCgroup group)
    {
        await using var load = await Load.StartAsync(group, "kvmguest", "5000", "--vcpus", "2", "--move");
        try
        {
            return (load.Pid, (await load.EndAsync()).GetProperty("vcpus"));
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }

    [Fact]
    public async Task Halts_OfAHundredMilliseconds_AreSleepAndNotHandling()
    {
        SkipWithoutKvm();
        await using var group = TestCgroup.Create("halting");
        await using var load = await Load.StartAsync(group, "kvmguest", "10", "--halts", "20", "--halt-ms", "100");
        var said = (await load.EndAsync()).GetProperty("vcpus")[0];
        var scrape = await Agent.ScrapeAsync();
        var vm = VmOf(scrape, load.Pid);
        var handling = scrape.Sum("observe_kvm_exit_seconds_sum", ("vm", vm), ("reason", "hlt"));

        Note($"20 halts: handling {handling:0.000000}, sleeping {Time(scrape, vm, "sleeping"):0.000000}, polling {Time(scrape, vm, "halt_poll"):0.000000} s");
        Exits(scrape, vm, "hlt").ShouldBe(20);
        // All CPU time of the thread, in which emulation alone takes a ms for a halt; a hundredth of what it slept.
        handling.ShouldBeLessThan(0.01 * Time(scrape, vm, "sleeping"));
        Time(scrape, vm, "sleeping").ShouldBeGreaterThan(1.5);
        CheckTime(scrape, vm, 0, said);
    }

    [Fact]
    public async Task Guest_ThatIsKilledInTheMiddle_LeavesNothingBehind()
    {
        SkipWithoutKvm();
        // What earlier guests left is taken back once it is seen not to move any more.
        await Agent.ScrapeAsync();
        await Agent.ScrapeAsync();
        var before = (await Agent.ScrapeAsync()).Value("observe_bpf_map_entries", ("map", "vcpus"));
        await using var group = TestCgroup.Create("killed");
        await using (var load = await Load.StartAsync(group, "kvmguest", "100000000", "--vcpus", "2"))
        {
            await Pass(1);
            var alive = await Agent.ScrapeAsync();
            VmOf(alive, load.Pid).ShouldNotBeEmpty();
            alive.Value("observe_bpf_map_entries", ("map", "vcpus")).ShouldBe(before + 2);
            // Ended by SIGKILL here.
        }
        // Once to see that nothing moves any more, once for the last values, once without.
        await Agent.ScrapeAsync();
        var last = await Agent.ScrapeAsync();
        last.All("observe_vcpu_time_seconds_total").ShouldAllBe(sample => sample.Value >= 0);
        last = await Agent.ScrapeAsync();
        last.Value("observe_bpf_map_entries", ("map", "vcpus")).ShouldBeLessThanOrEqualTo(before);
        NothingIsLost(last);
    }

    [Fact]
    [Trait("kernels", "newest")]
    public async Task Exits_WithHooksAndFromKvmsOwnStatistics_AreTheSame()
    {
        SkipWithoutKvm();
        await using var hookless = new AgentUnderTest { Options = ["--set", "collectors.kvm.tier=stats", "--set", "collectors.sched.enabled=false"] };
        await hookless.InitializeAsync();
        await using var group = TestCgroup.Create("hookless");
        // KVM has binary statistics, by vCPU, since 5.14; before, debugfs has the sums.
        var byVcpu = Environment.OSVersion.Version >= new Version(5, 14);
        string[] stats = byVcpu ? ["--stats"] : [];
        await using var load = await Load.StartAsync(group, "kvmguest", ["20000", "--cpu", "1", "--halts", "5", "--halt-ms", "20", "--hold", "12", .. stats]);
        var said = (await load.ReadAsync()).GetProperty("vcpus")[0];
        var (hooked, counted) = (await Agent.ScrapeAsync(), await hookless.ScrapeAsync());
        var (one, other) = (VmOf(hooked, load.Pid), VmOf(counted, load.Pid));

        Note(string.Join(' ', counted.All("observe_kvm_exits_total", ("vm", other)).Select(sample => $"{sample.Labels["reason"]} {sample.Value}")));
        Exits(counted, other, "io").ShouldBe(20_001);
        Exits(counted, other, "hlt").ShouldBe(5);
        counted.Sum("observe_kvm_exits_total", ("vm", other)).ShouldBe(hooked.Sum("observe_kvm_exits_total", ("vm", one)));
        // Its workload, although no ledger told anybody of its cgroup.
        counted.All("observe_vm_info", ("vm", other)).Single().Labels["workload"].ShouldBe(hooked.All("observe_vm_info", ("vm", one)).Single().Labels["workload"]);
        // The kernel samples a thread's states at its ticks: what it ran in all is known better than in which of them.
        Note(string.Join(' ', counted.All("observe_vcpu_time_seconds_total", ("vm", other)).Select(sample => $"{sample.Labels["state"]} {sample.Value:0.000000}")));
        Agree("waiting", Time(counted, other, "waiting"), Load.Seconds(said, "wait_ns"), 0.05, Load.Seconds(said, "end_ns") - Load.Seconds(said, "start_ns"));
        if (byVcpu)
            Agree("states on a CPU", OnCpu.Sum(state => Time(counted, other, state)), Load.Seconds(said, "cpu_ns"), 0.25);
        // No hook, no cost.
        counted.All("observe_bpf_program_attached").ShouldBeEmpty();
        counted.All("observe_kvm_exit_seconds_count").ShouldBeEmpty();
    }

    [Fact]
    public async Task Vmm_ThatForks_ItsGuestGoesOnAndNothingIsLost()
    {
        SkipWithoutKvm();
        await using var group = TestCgroup.Create("forking");
        await using var load = await Load.StartAsync(group, "kvmguest", "5000", "--cpu", "1", "--forks", "50");
        var said = (await load.EndAsync()).GetProperty("vcpus")[0];
        var scrape = await Agent.ScrapeAsync();
        var vm = VmOf(scrape, load.Pid);

        Exits(scrape, vm, "cpuid").ShouldBe(5000);
        Exits(scrape, vm, "io").ShouldBe(5001);
        scrape.All("observe_vcpu_time_seconds_total", ("vm", vm)).ShouldAllBe(sample => sample.Value >= 0);
        CheckTime(scrape, vm, 0, said);
        NothingIsLost(scrape);
    }

    [Fact]
    [Trait("kernels", "newest")]
    public async Task Kvm_LoadedAfterTheAgent_IsHooked()
    {
        await LoadKvmAfterAsync(async load =>
        {
            await using var early = new AgentUnderTest();
            await early.InitializeAsync();
            (await early.ScrapeAsync()).All("observe_bpf_program_attached").ShouldNotContain(sample => sample.Labels["program"].StartsWith("kvm_", StringComparison.Ordinal));
            await load();
            await early.ScrapeAsync(); // by which it is noticed
            await using var group = TestCgroup.Create("late");
            await using var guest = await Load.StartAsync(group, "kvmguest", "1000", "--cpu", "1");
            await guest.EndAsync();
            var scrape = await early.ScrapeAsync();
            Exits(scrape, VmOf(scrape, guest.Pid), "cpuid").ShouldBe(1000);
        });
    }

    [Fact]
    [Trait("kernels", "oldest")]
    public async Task Kvm_LoadedAfterPrivilegesWereGivenUp_IsSaidToTakeARestart()
    {
        await LoadKvmAfterAsync(async load =>
        {
            await using var early = new AgentUnderTest { Options = ["--set", "privileges.drop=attached"] };
            await early.InitializeAsync();
            Note(await PrivilegeTests.WhenGivenUpAsync(early));
            await load();
            (await early.ScrapeAsync()).Value("observe_collector_success", ("collector", "kvm")).ShouldBe(0);
            (await early.StatusOfAsync("kvm exits")).ShouldStartWith("degraded: KVM was loaded after the agent had given up its privileges");
        });
    }

    /// <summary>Runs a story that begins without KVM. It is loaded again when the story asks for it, and at the end whatever happened.</summary>
    private static async Task LoadKvmAfterAsync(Func<Func<Task>, Task> story)
    {
        SkipWithoutKvm();
        Assert.SkipUnless(Bed.InVm, "would take KVM from under the machine's own guests");
        var module = Directory.Exists("/sys/module/kvm_amd") ? "kvm_amd" : "kvm_intel";
        var file = Directory.GetFiles("/run/modules").Single(path => path.Replace('-', '_').EndsWith($"_{module}.ko", StringComparison.Ordinal));
        await RunAsync("rmmod", module);
        var loaded = false;
        try
        {
            await story(LoadAsync);
        }
        finally
        {
            if (!loaded)
                await LoadAsync();
        }

        async Task LoadAsync()
        {
            await RunAsync("insmod", file);
            loaded = true;
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}");
    }

    /// <summary>All states add up to the time that passed; those on a CPU to the CPU time that the kernel says the thread had.</summary>
    private void CheckTime(Scrape scrape, string vm, int vcpu, JsonElement said)
    {
        var number = vcpu.ToString(CultureInfo.InvariantCulture);
        double Of(string state) => scrape.Sum("observe_vcpu_time_seconds_total", ("vm", vm), ("vcpu", number), ("state", state));
        var whole = scrape.Sum("observe_vcpu_time_seconds_total", ("vm", vm), ("vcpu", number));
        var lived = Load.Seconds(said, "end_ns") - Load.Seconds(said, "start_ns");
        var ran = Load.Seconds(said, "cpu_ns");
        Note(string.Join(' ', scrape.All("observe_vcpu_time_seconds_total", ("vm", vm), ("vcpu", number)).Select(sample => $"{sample.Labels["state"]} {sample.Value:0.000000}")));
        Agree($"vCPU {vcpu}, all states", whole, new Interval(Math.Max(0, lived - Edge), lived), 0.001);
        Agree($"vCPU {vcpu}, states on a CPU", OnCpu.Sum(Of), new Interval(Math.Max(0, ran - Edge), ran), Interrupts);
    }

    private static void NothingIsLost(Scrape scrape)
    {
        foreach (var reason in (string[])["kvm_vcpus_full", "kvm_reasons_full", "kvm_thread_unknown", "kvm_read_torn"])
            scrape.Lost(reason).ShouldBe(0, reason);
    }

    private static string VmOf(Scrape scrape, int pid)
    {
        var found = scrape.All("observe_vm_info", ("pid", pid.ToString(CultureInfo.InvariantCulture))).ToArray();
        found.Length.ShouldBe(1, $"virtual machines of process {pid}");
        return found[0].Labels["vm"];
    }

    private static double Exits(Scrape scrape, string vm, string reason) => scrape.Sum("observe_kvm_exits_total", ("vm", vm), ("reason", reason));

    private static double Time(Scrape scrape, string vm, string state) => scrape.Sum("observe_vcpu_time_seconds_total", ("vm", vm), ("state", state));

    private static void SkipWithoutKvm()
    {
        if (!Directory.Exists("/sys/module/kvm_amd") && !Directory.Exists("/sys/module/kvm_intel"))
            Assert.Skip("KVM runs no guests on this processor: runs in the virtual machines");
    }
}
