using Observe.Collectors.Kvm.Stats;
using Observe.Collectors.Tests.Identity;
using Observe.Tests;

namespace Observe.Collectors.Tests.Kvm.Stats;

[Collection(nameof(Alone))]
public sealed class KvmStatsReaderTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void Refresh_MachinesInDebugfs_AreReadAgainAndAgainUntilTheyAreGone()
    {
        using var host = new MadeHost().WithProcess(100, "qemu-system-x86", "anon_inode:kvm-vm").WithVm(100, 0, ("exits", 10));
        using var reader = new KvmStatsReader(host.Proc, host.Sys, time);

        reader.Refresh();
        var vm = reader.Vms.ShouldHaveSingleItem();
        (vm.Vm, vm.Origin, vm.Total.Exits).ShouldBe((new VmHandle(100, 0, 100), KvmStatsOrigin.Debugfs, 10UL));
        vm.Explanation.ShouldBe($"{host.Debugfs}/100-0, all vCPUs together, because the VMM has no statistics of its vCPUs open (QEMU has since 8.1, on Linux 5.14 and later)");

        host.WithVm(100, 0, ("exits", 12));
        reader.Refresh();
        reader.Vms.ShouldHaveSingleItem().ShouldBeSameAs(vm);
        vm.Total.Exits.ShouldBe(12UL);

        host.RemoveVm(100, 0);
        reader.Refresh();
        reader.Vms.ShouldBeEmpty();
    }

    [Fact]
    public void Refresh_NoSource_SaysWhyThereIsNeither()
    {
        using var host = new MadeHost().WithProcess(100, "qemu-system-x86", "anon_inode:kvm-vm");
        using var reader = new KvmStatsReader(host.Proc, host.Sys, time);

        reader.Refresh();

        var vm = reader.Vms.ShouldHaveSingleItem();
        vm.Origin.ShouldBe(KvmStatsOrigin.None);
        vm.Total.Knows(KvmStat.Exits).ShouldBeFalse();
        vm.Explanation.ShouldBe($"the VMM has no statistics of its vCPUs open (QEMU has since 8.1, on Linux 5.14 and later), and {host.Debugfs} cannot be read (it is for root, and must be mounted)");
    }

    [Theory]
    [InlineData("the VMM has 2 descriptors of virtual machines, whose statistics cannot be told apart", "anon_inode:kvm-vm", "anon_inode:kvm-vm", "anon_inode:kvm-vcpu-stats:0")]
    [InlineData("the VMM has statistics open, but neither a virtual machine nor a vCPU", "anon_inode:kvm-vcpu-stats:0")]
    [InlineData("process 2147483647 cannot be taken hold of: pidfd_open: ESRCH (No such process)", "anon_inode:kvm-vm", "anon_inode:kvm-vcpu-stats:0")]
    public void TryOpen_DescriptorsThatCannotBeUsed_SaysWhy(string words, params string[] links)
    {
        using var host = new MadeHost().WithProcess(int.MaxValue, "qemu-system-x86", links);

        KvmStatsFiles.TryOpen(int.MaxValue, host.Proc, out var reason).ShouldBeNull();
        reason.ShouldBe(words);
    }

    [Fact]
    public void TryOpen_NumberThatIsAnotherFileByNow_IsNotReadFrom()
    {
        using var other = File.OpenHandle("/dev/null");
        var number = (int)other.DangerousGetHandle();
        using var host = new MadeHost().WithProcess(Environment.ProcessId, "qemu-system-x86");
        File.CreateSymbolicLink($"{host.Proc}/{Environment.ProcessId}/fd/{number}", "anon_inode:kvm-vm");
        File.CreateSymbolicLink($"{host.Proc}/{Environment.ProcessId}/fd/{number + 1000}", "anon_inode:kvm-vcpu-stats:0");

        KvmStatsFiles.TryOpen(Environment.ProcessId, host.Proc, out var reason).ShouldBeNull();
        reason.ShouldBe($"descriptor {number} of the VMM is none of KVM any more");
    }

    [Fact]
    public void EndVcpus_VcpuThatIsGone_StaysInTheTotal()
    {
        var stats = new KvmVmStats(new VmHandle(100, 0, 100));
        Read(stats, (0, 10), (1, 5));
        stats.Total.Exits.ShouldBe(15UL);

        Read(stats, (0, 12));
        stats.Total.Exits.ShouldBe(17UL);
        stats.Vcpus.ShouldHaveSingleItem().Number.ShouldBe(0);

        static void Read(KvmVmStats stats, params (int Vcpu, ulong Exits)[] counts)
        {
            stats.BeginVcpus();
            foreach (var (vcpu, exits) in counts)
                stats.Vcpu(vcpu).Add(KvmStat.Exits, exits);
            stats.EndVcpus();
        }
    }

    [Fact]
    public void Refresh_MachinesSeenBefore_AllocatesNoMoreForManyThanForOne()
    {
        AllocatedWith(20).ShouldBe(AllocatedWith(1));

        long AllocatedWith(int machines)
        {
            using var host = new MadeHost().WithProcess(100, "qemu-system-x86", [.. Enumerable.Repeat("anon_inode:kvm-vm", machines)]);
            for (var i = 0; i < machines; i++)
                host.WithVm(100, i, ("exits", 10), ("halt_exits", 3), ("halt_wait_ns", 1));
            using var reader = new KvmStatsReader(host.Proc, host.Sys, time);
            reader.Refresh();
            return SteadyAllocations.Of(reader.Refresh);
        }
    }
}
