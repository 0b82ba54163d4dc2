using Observe.Bpf.Interop;

namespace Observe.Bpf;

/// <summary>
/// The kernel's accounting of BPF run times: on for the whole machine while this is held. Costs each run of each program
/// two clock reads (measured: about 50 ns), so it is an option.
/// </summary>
public sealed class BpfStats : IDisposable
{
    /// <summary><c>BPF_STATS_RUN_TIME</c>.</summary>
    private const int RunTime = 0;

    private int fd;

    private BpfStats(int fd) => this.fd = fd;

    /// <summary>Turns accounting on. Linux 5.8, CAP_SYS_ADMIN.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static BpfStats Enable()
    {
        LibBpfLibrary.Require();
        var fd = LibBpf.bpf_enable_stats(RunTime);
        return fd >= 0
            ? new BpfStats(fd)
            : throw new BpfException("enable", "BPF run-time statistics", -fd, remedy: fd switch
            {
                -Errno.EPERM => "CAP_SYS_ADMIN is needed",
                -Errno.EINVAL => "Linux 5.8 is needed",
                _ => null,
            });
    }

    /// <summary>Turns accounting off, unless someone else holds it on.</summary>
    public void Dispose()
    {
        var open = Interlocked.Exchange(ref fd, -1);
        if (open >= 0)
            _ = LibC.close(open);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the descriptor of an owner that forgot.</summary>
    ~BpfStats() => Dispose();
}
