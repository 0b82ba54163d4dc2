using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Host;

/// <summary>Another process, held by a pidfd: a later process with the same number is not taken for it.</summary>
public sealed class ForeignProcess : IDisposable
{
    // System call numbers, the same on x86-64 and arm64 (asm-generic/unistd.h). pidfd_open is of Linux 5.3, pidfd_getfd of 5.6.
    private const int PidfdOpen = 434;
    private const int PidfdGetfd = 438;

    private int pidfd;

    private ForeignProcess(int pidfd) => this.pidfd = pidfd;

    /// <summary>Takes hold of a process.</summary>
    /// <param name="pid">Its id.</param>
    /// <param name="errno">The positive Linux error number if it cannot be had (ESRCH: there is none), else 0.</param>
    public static ForeignProcess? Open(int pid, out int errno)
    {
        var fd = (int)LibC.syscall(PidfdOpen, pid, 0, 0);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        return fd < 0 ? null : new ForeignProcess(fd);
    }

    /// <summary>
    /// A second descriptor of a file that the process has open, for as long as it takes to read it. Needs the right to
    /// trace the process (PTRACE_MODE_ATTACH_REALCREDS, see ptrace(2)): CAP_SYS_PTRACE as a rule.
    /// </summary>
    /// <param name="number">The process' number of the descriptor.</param>
    public BorrowedFile Borrow(int number)
    {
        ObjectDisposedException.ThrowIf(pidfd < 0, this);
        var fd = (int)LibC.syscall(PidfdGetfd, pidfd, number, 0);
        return new BorrowedFile(fd < 0 ? -Marshal.GetLastPInvokeError() : fd);
    }

    /// <summary>Lets go of it.</summary>
    public void Dispose()
    {
        if (pidfd >= 0)
            _ = LibC.close(pidfd);
        pidfd = -1;
    }
}
