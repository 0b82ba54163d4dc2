namespace Observe.Collectors.Kvm.Stats;

/// <summary>
/// KVM's names of its statistics, which are those of the descriptors and of the files in debugfs alike. No kernel has two of
/// a row, but for arm64's two kinds of MMIO, which belong together: a statistic is the sum of those of its names that are there.
/// Sources: Linux 5.10, <c>debugfs_entries</c> in arch/x86/kvm/x86.c and arch/arm64/kvm/guest.c; 5.14 to 7.2, <c>kvm_vcpu_stats_desc</c> in the
/// same files and KVM_GENERIC_VCPU_STATS in include/linux/kvm_host.h.
/// </summary>
internal static class KvmStatNames
{
    /// <summary>Statistics.</summary>
    internal const int Count = (int)KvmStat.HaltWaitTime + 1;

    private static readonly string[][] Names =
    [
        ["exits"],
        ["halt_exits", "wfi_exit_stat"],
        ["io_exits"],
        ["mmio_exits", "mmio_exit_user", "mmio_exit_kernel"],
        ["irq_exits"],
        ["irq_window_exits", "irq_window"], // the shorter up to 5.13: commit bc9e9e672df9 gave debugfs the descriptors' names
        ["nmi_window_exits", "nmi_window"], // the same
        ["hypercalls", "hvc_exit_stat"],
        ["signal_exits"], // arm64: since 5.15, commit fe5161d2c39b
        ["halt_successful_poll"],
        ["halt_poll_invalid"],
        ["halt_wakeup"],
        ["halt_poll_success_ns"],
        ["halt_poll_fail_ns"],
        ["halt_wait_ns"], // 5.15, commit 87bcc5fa092f
    ];

    /// <summary>The statistics that are times.</summary>
    /// <param name="stat">Which.</param>
    internal static bool IsTime(KvmStat stat) => stat >= KvmStat.HaltPollSuccessTime;

    /// <summary>KVM's names of a statistic.</summary>
    /// <param name="stat">Which.</param>
    internal static ReadOnlySpan<string> Of(KvmStat stat) => Names[(int)stat];
}
