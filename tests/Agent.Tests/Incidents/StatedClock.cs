using System.Runtime.InteropServices;

namespace Observe.Agent.Tests.Incidents;

/// <summary>
/// Says to the kernel, as an NTP client would, how far this host's clock is from UTC at most, where nobody does. Without a word of it the bound
/// is 16 s, and of nothing that is over sooner could the agent say that it lies inside of anything. The clock itself is left alone, and so is
/// the mark that nobody disciplines it; the bound grows by 0.5 ms a second by itself. Everything on the stage has this one clock.
/// </summary>
internal sealed class StatedClock : IDisposable
{
    private const uint SetMaximumError = 0x0004; // ADJ_MAXERROR
    private const int Unsynchronized = 0x40; // STA_UNSYNC
    private const long Bound = 1000; // us

    private readonly long before;

    private StatedClock(long before) => this.before = before;

    /// <summary>States it; null where somebody disciplines the clock.</summary>
    /// <exception cref="InvalidOperationException">The kernel does not let us.</exception>
    public static StatedClock? State()
    {
        var now = new Timex();
        _ = adjtimex(ref now);
        if ((now.Status & Unsynchronized) == 0)
            return null;
        Set(Bound);
        return new StatedClock(now.MaxError);
    }

    /// <inheritdoc/>
    public void Dispose() => Set(before);

    private static void Set(long microseconds)
    {
        var wanted = new Timex { Modes = SetMaximumError, MaxError = microseconds };
        if (adjtimex(ref wanted) < 0)
            throw new InvalidOperationException($"adjtimex(ADJ_MAXERROR) failed with errno {Marshal.GetLastPInvokeError()}: it takes CAP_SYS_TIME");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int adjtimex(ref Timex state);

    /// <summary>The beginning of struct timex of 64-bit systems, and its size.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 208)]
    private struct Timex
    {
        public uint Modes;
        public long Offset;
        public long Frequency;
        public long MaxError; // us
        public long EstimatedError; // us
        public int Status;
    }
}
