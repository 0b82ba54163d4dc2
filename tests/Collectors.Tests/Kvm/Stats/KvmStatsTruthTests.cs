using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Observe.Collectors.Kvm.Stats;

namespace Observe.Collectors.Tests.Kvm.Stats;

/// <summary>What KVM is read to have counted, against a guest with a known number of exits. Skipped where there is none.</summary>
public sealed class KvmStatsTruthTests(ITestOutputHelper output)
{
    private const int Iterations = 2000;
    private const int Halts = 5;
    private const int HaltMillis = 50;

    /// <summary>Exits that the guest does not make on purpose, a vCPU: faults on its one page, and what emulation adds.</summary>
    private const ulong Others = 100;

    private static readonly Version BinaryStats = new(5, 14);

    [Fact]
    public async Task Refresh_DescriptorsOfTheVmm_CountsAreExactByVcpu()
    {
        Assert.SkipUnless(Environment.OSVersion.Version >= BinaryStats, "KVM has binary statistics since Linux 5.14");
        using var guest = await Guest.StartAsync("--vcpus", "2", "--stats");
        using var reader = new KvmStatsReader("/proc", "/sys", TimeProvider.System);

        reader.Refresh();
        var vm = Of(reader, guest);
        output.WriteLine(vm.Explanation);

        vm.Origin.ShouldBe(KvmStatsOrigin.Descriptors, vm.Explanation);
        vm.Explanation.ShouldBe("statistics descriptors of the VMM, for all 2 vCPUs");
        vm.Vcpus.Count.ShouldBe(2);
        foreach (var vcpu in vm.Vcpus)
        {
            Show($"vCPU {vcpu.Number}", vcpu.Counters);
            CheckExits(vcpu.Counters, 1);
            // It slept from each HLT until the next tick of the other thread, all within the time it ran.
            vcpu.Counters.TryGet(KvmStat.HaltWaitTime, out var wait).ShouldBe(Environment.OSVersion.Version >= new Version(5, 15));
            wait.ShouldBeLessThanOrEqualTo(guest.Nanoseconds(vcpu.Number, "end_ns") - guest.Nanoseconds(vcpu.Number, "start_ns") - guest.Nanoseconds(vcpu.Number, "cpu_ns") + vcpu.Counters.HaltPollNanoseconds + 20_000_000);
            wait.ShouldBeGreaterThan(Halts * HaltMillis * 1_000_000UL / 2);
        }
        CheckExits(vm.Total, 2);
    }

    [Fact]
    public async Task Refresh_BothSources_AgreeToTheLastExit()
    {
        Assert.SkipUnless(Environment.OSVersion.Version >= BinaryStats, "KVM has binary statistics since Linux 5.14");
        using var guest = await Guest.StartAsync("--vcpus", "2", "--stats");
        var handle = new VmHandle(guest.Pid, guest.VmDescriptor, guest.Pid);
        using var files = KvmStatsFiles.TryOpen(guest.Pid, "/proc", out var noFiles);
        using var debugfs = KvmDebugfs.TryOpen(handle, "/sys/kernel/debug/kvm", out var noDebugfs);
        files.ShouldNotBeNull(noFiles);
        Assert.SkipUnless(guest.IsReadableInDebugfs, Guest.NoDebugfs);
        debugfs.ShouldNotBeNull(noDebugfs);
        var (one, other) = (new KvmVmStats(handle), new KvmVmStats(handle));

        files.Read(one).ShouldBeNull();
        debugfs.Read(other).ShouldBeNull();

        for (var stat = default(KvmStat); (int)stat < KvmStatNames.Count; stat++)
        {
            one.Total.TryGet(stat, out var value).ShouldBe(other.Total.TryGet(stat, out var same));
            value.ShouldBe(same, stat.ToString());
        }
    }

    [Fact]
    public async Task Refresh_VmmWithoutDescriptors_CountsAreExactFromDebugfs()
    {
        using var guest = await Guest.StartAsync("--vcpus", "2");
        Assert.SkipUnless(guest.IsReadableInDebugfs, Guest.NoDebugfs);
        using var reader = new KvmStatsReader("/proc", "/sys", TimeProvider.System);

        reader.Refresh();
        var vm = Of(reader, guest);
        output.WriteLine(vm.Explanation);

        vm.Origin.ShouldBe(KvmStatsOrigin.Debugfs);
        vm.Vcpus.ShouldBeEmpty();
        Show("all vCPUs", vm.Total);
        CheckExits(vm.Total, 2);
    }

    [Fact]
    public async Task Refresh_WithoutDebugfs_FindsTheMachineAmongDescriptors()
    {
        using var guest = await Guest.StartAsync();
        using var nowhere = new MadeHost();
        using var reader = new KvmStatsReader("/proc", nowhere.Sys, TimeProvider.System);

        reader.FindVms().ShouldContain(new VmHandle(guest.Pid, guest.VmDescriptor, 0));
    }

    [Fact]
    public async Task Refresh_VmmKilledWhileItIsRead_LeavesNoMachineBehind()
    {
        Assert.SkipUnless(Environment.OSVersion.Version >= BinaryStats, "KVM has binary statistics since Linux 5.14");
        using var guest = await Guest.StartAsync("--vcpus", "2", "--stats");
        Assert.SkipUnless(guest.IsInDebugfs, Guest.NoDebugfs);
        using var reader = new KvmStatsReader("/proc", "/sys", TimeProvider.System);
        reader.Refresh();
        Of(reader, guest).Origin.ShouldBe(KvmStatsOrigin.Descriptors);

        guest.Kill();

        // The reader is still there, and has looked at it: were a descriptor still borrowed, KVM would keep the machine.
        var deadline = Stopwatch.StartNew();
        while (guest.IsInDebugfs && deadline.Elapsed < TimeSpan.FromSeconds(10))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        guest.IsInDebugfs.ShouldBeFalse();
        reader.Refresh();
        reader.Vms.ShouldNotContain(vm => vm.Vm.Pid == guest.Pid);
    }

    private static KvmVmStats Of(KvmStatsReader reader, Guest guest) => reader.Vms.Where(vm => vm.Vm.Pid == guest.Pid).ShouldHaveSingleItem();

    private static void CheckExits(in KvmCounters counters, ulong vcpus)
    {
        counters.TryGet(KvmStat.IoExits, out var io).ShouldBeTrue();
        io.ShouldBe(vcpus * (Iterations + 1));
        counters.TryGet(KvmStat.HaltExits, out var halts).ShouldBeTrue();
        halts.ShouldBe(vcpus * Halts);
        counters.TryGet(KvmStat.MmioExits, out var mmio).ShouldBeTrue();
        mmio.ShouldBe(0UL);
        counters.TryGet(KvmStat.Hypercalls, out var hypercalls).ShouldBeTrue();
        hypercalls.ShouldBe(0UL);
        counters.TryGet(KvmStat.IrqExits, out var irqs).ShouldBeTrue();
        // Beside those: one for each CPUID.
        counters.Exits.ShouldBeInRange(io + halts + irqs + (vcpus * Iterations), io + halts + irqs + (vcpus * (Iterations + Others)));
    }

    private void Show(string what, in KvmCounters counters)
    {
        var words = new List<string>();
        for (var stat = default(KvmStat); (int)stat < KvmStatNames.Count; stat++)
        {
            if (counters.TryGet(stat, out var value))
                words.Add($"{stat} {value}");
        }
        output.WriteLine($"{what}: {string.Join(", ", words)}");
    }

    /// <summary>A guest that has made all its exits, and whose VMM is still there.</summary>
    private sealed class Guest : IDisposable
    {
        internal const string NoDebugfs = "debugfs is not mounted, not for this user, or under kernel lockdown";

        private readonly Process process;
        private readonly JsonElement[] vcpus;

        private Guest(Process process, JsonElement[] vcpus)
        {
            this.process = process;
            this.vcpus = vcpus;
            Pid = process.Id;
            VmDescriptor = Directory.GetFiles($"/proc/{Pid}/fd").Where(link => new FileInfo(link).LinkTarget == "anon_inode:kvm-vm").Select(link => int.Parse(Path.GetFileName(link), CultureInfo.InvariantCulture)).Single();
        }

        internal int Pid { get; }

        internal int VmDescriptor { get; }

        internal bool IsInDebugfs => Directory.Exists($"/sys/kernel/debug/kvm/{Pid}-{VmDescriptor}");

        internal bool IsReadableInDebugfs
        {
            get
            {
                try
                {
                    return File.ReadAllText($"/sys/kernel/debug/kvm/{Pid}-{VmDescriptor}/exits").Length > 0;
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    return false;
                }
            }
        }

        internal static async Task<Guest> StartAsync(params string[] options)
        {
            Assert.SkipUnless(Directory.Exists("/sys/module/kvm_amd") || Directory.Exists("/sys/module/kvm_intel"), "KVM runs no guests on this processor: runs in the virtual machines");
            var program = Path.Combine(Root, "artifacts", "load", "kvmguest");
            Assert.SkipUnless(File.Exists(program), $"{program} is not built");
            var start = new ProcessStartInfo(program, [$"{Iterations}", "--halts", $"{Halts}", "--halt-ms", $"{HaltMillis}", "--hold", "30", .. options]) { RedirectStandardOutput = true, RedirectStandardError = true };
            var process = Process.Start(start)!;
            var ready = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            var said = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            if (said is null)
                Assert.Skip($"no guest runs here: {ready} {await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
            return new Guest(process, [.. JsonDocument.Parse(said).RootElement.GetProperty("vcpus").EnumerateArray()]);
        }

        internal ulong Nanoseconds(int vcpu, string name) => vcpus[vcpu].GetProperty(name).GetUInt64();

        internal void Kill()
        {
            process.Kill();
            process.WaitForExit();
        }

        public void Dispose()
        {
            Kill();
            process.Dispose();
        }

        private static string Root
        {
            get
            {
                var directory = new DirectoryInfo(AppContext.BaseDirectory);
                while (!File.Exists(Path.Combine(directory.FullName, "Observe.sln")))
                    directory = directory.Parent ?? throw new DirectoryNotFoundException($"no Observe.sln above {AppContext.BaseDirectory}");
                return directory.FullName;
            }
        }
    }
}
