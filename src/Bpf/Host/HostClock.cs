using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Host;

/// <summary>The host's clocks, as the kernel gives them: the only place where they are read together.</summary>
public static unsafe class HostClock
{
    private const int RealTime = 0; // CLOCK_REALTIME
    private const int Monotonic = 1; // CLOCK_MONOTONIC
    private const int BootTime = 7; // CLOCK_BOOTTIME
    private const long Second = 1_000_000_000;

    /// <summary>Between two readings with one in between, ns: longer, and something ran, or nothing did.</summary>
    private const long Undisturbed = 100_000;

    /// <summary>Tries of which the best is taken: one in several is not interrupted.</summary>
    private const int Tries = 8;

    /// <summary>CLOCK_REALTIME between two readings of CLOCK_MONOTONIC that are as close as several tries get: some tens of ns.</summary>
    /// <returns>All in ns; CLOCK_REALTIME since the Unix epoch.</returns>
    public static (long Before, long RealTime, long After) Read()
    {
        var best = (Before: 0L, RealTime: 0L, After: long.MaxValue);
        for (var i = 0; i < Tries; i++)
        {
            var before = Get(Monotonic);
            var real = Get(RealTime);
            var after = Get(Monotonic);
            if (after - before < best.After - best.Before)
                best = (before, real, after);
        }
        return best;
    }

    /// <summary>CLOCK_BOOTTIME less CLOCK_MONOTONIC: how long the machine has been suspended in all, ns, too small by the width of the reading at most.</summary>
    /// <returns>The difference; null if no try was undisturbed, so that nothing is known of it.</returns>
    public static long? Suspended()
    {
        for (var i = 0; i < Tries; i++)
        {
            var before = Get(Monotonic);
            var boot = Get(BootTime);
            var after = Get(Monotonic);
            if (after - before < Undisturbed)
                return boot - after;
        }
        return null;
    }

    /// <summary>Sleeps. Cheaper than the runtime's own: one system call, and nothing else wakes it.</summary>
    /// <param name="monotonic">Until when, ns of CLOCK_MONOTONIC.</param>
    public static void SleepUntil(long monotonic)
    {
        const int Absolute = 1; // TIMER_ABSTIME
        const int Interrupted = 4; // EINTR
        var until = new Timespec { Seconds = monotonic / Second, Nanoseconds = monotonic % Second };
        while (LibC.clock_nanosleep(Monotonic, Absolute, &until, null) == Interrupted)
        {
        }
    }

    /// <summary>What the clock's discipline says of it (adjtimex(2)), which nobody needs a right for.</summary>
    public static ClockDiscipline Discipline()
    {
        const int Unsynchronized = 0x40; // STA_UNSYNC
        const int InNanoseconds = 0x2000; // STA_NANO
        var state = default(Timex);
        _ = LibC.adjtimex(&state);
        return new ClockDiscipline(
            state.MaxError * 1000, state.EstError * 1000, (state.Status & InNanoseconds) != 0 ? state.Offset : state.Offset * 1000, (state.Status & Unsynchronized) == 0);
    }

    private static long Get(int clock)
    {
        Timespec time;
        _ = LibC.clock_gettime(clock, &time);
        return (time.Seconds * Second) + time.Nanoseconds;
    }

    /// <summary>struct timespec of 64-bit systems.</summary>
    internal struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>The beginning of struct timex of 64-bit systems, and its size.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 208)]
    internal struct Timex
    {
        public uint Modes;
        public long Offset;
        public long Frequency;
        public long MaxError; // us
        public long EstError; // us
        public int Status;
    }
}
