using System.Diagnostics;

namespace Observe.Bpf.Host;

/// <summary>CLOCK_MONOTONIC, the clock of <c>bpf_ktime_get_ns()</c>.</summary>
public static class MonotonicClock
{
    private static readonly long NsPerTick = Stopwatch.Frequency == 1_000_000_000
        ? 1
        : throw new PlatformNotSupportedException("Stopwatch does not count nanoseconds of CLOCK_MONOTONIC here");

    /// <summary>Nanoseconds since some point before boot, suspended time not counted.</summary>
    public static ulong Nanoseconds => (ulong)(Stopwatch.GetTimestamp() * NsPerTick);
}
