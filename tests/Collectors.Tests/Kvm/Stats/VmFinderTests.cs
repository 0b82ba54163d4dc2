using Observe.Collectors.Kvm.Stats;
using Observe.Tests;

namespace Observe.Collectors.Tests.Kvm.Stats;

public sealed class VmFinderTests
{
    private const string Vm = "anon_inode:kvm-vm";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);

    private readonly ManualTime time = new();

    [Fact]
    public void FindVms_Debugfs_GivesProcessAndDescriptor()
    {
        using var host = new MadeHost().WithProcess(100, "qemu-system-x86", "/dev/null", Vm, Vm).WithVm(100, 1, ("exits", 1)).WithVm(100, 2, ("exits", 1));
        Directory.CreateDirectory($"{host.Debugfs}/not-a-vm");
        var finder = Finder(host);

        finder.FindVms().ShouldBe([new VmHandle(100, 1, 100), new VmHandle(100, 2, 100)], ignoreOrder: true);

        host.RemoveVm(100, 1);
        finder.FindVms().ShouldBe([new VmHandle(100, 2, 100)]);
        finder.Method.ShouldBe(host.Debugfs);
    }

    [Fact]
    public void FindVms_MachineMadeByAThread_IsItsProcess()
    {
        // cloud-hypervisor makes its virtual machine in a thread called vmm.
        using var host = new MadeHost().WithProcess(100, "cloud-hyperviso", Vm).WithThread(105, 100).WithVm(105, 0, ("exits", 1));

        Finder(host).FindVms().ShouldBe([new VmHandle(100, 0, 105)]);
    }

    [Fact]
    public void FindVms_MakerIsGoneOrItsNumberIsAnothers_IsCountedAsUnresolved()
    {
        using var host = new MadeHost().WithProcess(200, "bash", "/dev/null").WithVm(105, 0, ("exits", 1)).WithVm(200, 0, ("exits", 1));
        var finder = Finder(host);

        finder.FindVms().ShouldBeEmpty();
        finder.Unresolved.ShouldBe(2);
    }

    [Fact]
    public void FindVms_WithoutDebugfs_FindsVmmsAtOnceAndOthersInTheSweep()
    {
        using var host = new MadeHost().WithProcess(100, "bash", "/dev/null");
        var finder = Finder(host);
        finder.FindVms().ShouldBeEmpty();

        host.WithProcess(101, "qemu-system-x86", "/dev/null", Vm).WithProcess(102, "unheard-of", Vm);
        finder.FindVms().ShouldBeEmpty();
        time.Advance(Look);
        finder.FindVms().ShouldBe([new VmHandle(101, 1, 0)]);
        time.Advance(Sweep);
        finder.FindVms().ShouldBe([new VmHandle(101, 1, 0), new VmHandle(102, 0, 0)]);
        finder.Method.ShouldContain("descriptors of processes, because");

        // Gone is seen at once.
        host.RemoveProcess(101);
        finder.FindVms().ShouldBe([new VmHandle(102, 0, 0)]);
    }

    [Fact]
    public void FindVms_ProcessThatBecameAVmm_IsFound()
    {
        using var host = new MadeHost().WithProcess(100, "libvirtd", Vm);
        var finder = Finder(host);
        // The first sweep is at once, so this one is kept from it.
        File.Delete($"{host.Proc}/100/fd/0");
        finder.FindVms().ShouldBeEmpty();

        File.CreateSymbolicLink($"{host.Proc}/100/fd/0", Vm);
        File.WriteAllText($"{host.Proc}/100/comm", "qemu-kvm\n");
        time.Advance(Look);

        finder.FindVms().ShouldBe([new VmHandle(100, 0, 0)]);
    }

    [Fact]
    public void FindVms_MoreDescriptorsThanASweepMayLookAt_GoesOnWhereItStopped()
    {
        using var host = new MadeHost();
        const int PerProcess = 500;
        var links = Enumerable.Repeat("/dev/null", PerProcess).ToArray();
        var processes = (VmProcesses.SweepBudget / PerProcess) + 5;
        for (var i = 0; i < processes; i++)
            host.WithProcess(100 + i, "many", links);
        host.WithProcess(100 + processes, "last", Vm);
        var finder = Finder(host);

        finder.FindVms().ShouldBeEmpty();
        time.Advance(Sweep);

        finder.FindVms().ShouldBe([new VmHandle(100 + processes, 0, 0)]);
    }

    private VmFinder Finder(MadeHost host) => new(host.Proc, host.Debugfs, time);
}
