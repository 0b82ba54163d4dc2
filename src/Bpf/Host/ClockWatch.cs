using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Host;

/// <summary>
/// Notices that CLOCK_REALTIME was set, however little it was, by hand, by a leap second or at the end of a suspend: a timer
/// on that clock that never ends, which the kernel cancels then (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET).
/// </summary>
public sealed unsafe class ClockWatch : IDisposable
{
    private const int RealTime = 0; // CLOCK_REALTIME
    private const int NonBlockingCloseOnExec = 0x800 | 0x80000; // TFD_NONBLOCK | TFD_CLOEXEC
    private const int AbsoluteCancelOnSet = 1 | 2; // TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET
    private const int Cancelled = 125; // ECANCELED

    private readonly SafeFileHandle timer;

    private ClockWatch(SafeFileHandle timer) => this.timer = timer;

    /// <summary>Begins to watch.</summary>
    /// <returns>Null if this kernel has no such timer; then only changes that contradict earlier readings are noticed.</returns>
    public static ClockWatch? TryStart()
    {
        var fd = LibC.timerfd_create(RealTime, NonBlockingCloseOnExec);
        if (fd < 0)
            return null;
        var timer = new SafeFileHandle(fd, ownsHandle: true);
        // An interval of none, and an end that no clock comes to: seconds of 2^62 ns.
        var setting = stackalloc HostClock.Timespec[2];
        setting[0] = default;
        setting[1] = new HostClock.Timespec { Seconds = 4_611_686_018 };
        if (LibC.timerfd_settime(fd, AbsoluteCancelOnSet, setting, null) == 0)
            return new ClockWatch(timer);
        timer.Dispose();
        return null;
    }

    /// <summary>Whether the clock was set since the last time this was asked.</summary>
    public bool WasSet()
    {
        ulong expirations;
        var held = false;
        try
        {
            timer.DangerousAddRef(ref held);
            return LibC.read((int)timer.DangerousGetHandle(), &expirations, sizeof(ulong)) < 0 && Marshal.GetLastPInvokeError() == Cancelled;
        }
        finally
        {
            if (held)
                timer.DangerousRelease();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();
}
