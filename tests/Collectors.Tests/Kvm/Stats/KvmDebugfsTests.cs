using Observe.Collectors.Kvm.Stats;

namespace Observe.Collectors.Tests.Kvm.Stats;

public sealed class KvmDebugfsTests
{
    private static readonly VmHandle Vm = new(100, 4, 100);

    [Fact]
    public void Read_FilesOfLinux612_GivesEveryStatistic()
    {
        using var host = new MadeHost().WithVm(100, 4,
            ("exits", 1), ("halt_exits", 2), ("io_exits", 3), ("mmio_exits", 4), ("irq_exits", 5), ("irq_window_exits", 6), ("nmi_window_exits", 7), ("hypercalls", 8), ("signal_exits", 9),
            ("halt_successful_poll", 10), ("halt_poll_invalid", 11), ("halt_wakeup", 12), ("halt_poll_success_ns", 13), ("halt_poll_fail_ns", 14), ("halt_wait_ns", ulong.MaxValue),
            ("remote_tlb_flush", 99));

        var stats = Read(host);

        for (var stat = KvmStat.Exits; stat < KvmStat.HaltWaitTime; stat++)
        {
            stats.Total.TryGet(stat, out var value).ShouldBeTrue();
            value.ShouldBe((ulong)stat + 1);
        }
        stats.Total.TryGet(KvmStat.HaltWaitTime, out var wait).ShouldBeTrue();
        wait.ShouldBe(ulong.MaxValue);
        stats.Total.HaltPollNanoseconds.ShouldBe(27UL);
        stats.Vcpus.ShouldBeEmpty();
    }

    [Fact]
    public void Read_NamesOfLinux510_AreTheSameStatistics()
    {
        using var host = new MadeHost().WithVm(100, 4, ("exits", 10), ("irq_window", 3), ("nmi_window", 4));

        var stats = Read(host);

        stats.Total.TryGet(KvmStat.IrqWindowExits, out var window).ShouldBeTrue();
        stats.Total.TryGet(KvmStat.NmiWindowExits, out var nmi).ShouldBeTrue();
        (window, nmi).ShouldBe((3UL, 4UL));
        // 5.10 does not count the time that a halted vCPU sleeps: not known, which is not 0.
        stats.Total.Knows(KvmStat.HaltWaitTime).ShouldBeFalse();
    }

    [Fact]
    public void Read_NamesOfArm64_AreTheSameStatistics()
    {
        using var host = new MadeHost().WithVm(100, 4, ("exits", 100), ("wfi_exit_stat", 1), ("wfe_exit_stat", 2), ("hvc_exit_stat", 4), ("mmio_exit_user", 8), ("mmio_exit_kernel", 16));

        var stats = Read(host);

        stats.Total.TryGet(KvmStat.HaltExits, out var halts).ShouldBeTrue();
        stats.Total.TryGet(KvmStat.Hypercalls, out var calls).ShouldBeTrue();
        stats.Total.TryGet(KvmStat.MmioExits, out var mmio).ShouldBeTrue();
        (halts, calls, mmio).ShouldBe((1UL, 4UL, 24UL));
        stats.Total.Knows(KvmStat.IoExits).ShouldBeFalse();
    }

    [Fact]
    public void Read_MachineThatIsGone_SaysWhichFileIsMissing()
    {
        using var host = new MadeHost().WithVm(100, 4, ("exits", 10));
        using var source = KvmDebugfs.TryOpen(Vm, host.Debugfs, out _)!;
        host.RemoveVm(100, 4);

        source.Read(new KvmVmStats(Vm)).ShouldBe($"{host.Debugfs}/100-4/exits: ENOENT (No such file or directory)");
    }

    [Theory]
    [InlineData("exits", "", "exits is no number")]
    [InlineData("unknown", "1", "has no file of the names known here")]
    public void TryOpen_NothingToRead_SaysWhy(string file, string text, string words)
    {
        using var host = new MadeHost().WithVm(100, 4);
        File.WriteAllText($"{host.Debugfs}/100-4/{file}", text);

        KvmDebugfs.TryOpen(Vm, host.Debugfs, out var reason).ShouldBeNull();
        reason.ShouldContain(words);
    }

    private static KvmVmStats Read(MadeHost host)
    {
        using var source = KvmDebugfs.TryOpen(Vm, host.Debugfs, out var reason);
        reason.ShouldBe("");
        var stats = new KvmVmStats(Vm);
        source!.Read(stats).ShouldBeNull();
        // Nothing adds up with what was read before.
        source.Read(stats).ShouldBeNull();
        return stats;
    }
}
