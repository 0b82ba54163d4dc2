using Observe.Bpf.Host;

namespace Observe.Collectors;

/// <summary>Moments as series carry them: ns since the Unix epoch, by the wall clock.</summary>
internal static class UnixNano
{
    /// <summary>Now.</summary>
    /// <param name="time">The wall clock.</param>
    public static ulong Now(TimeProvider time) => Of(time.GetUtcNow());

    /// <summary>A moment.</summary>
    /// <param name="moment">After 1970.</param>
    public static ulong Of(DateTimeOffset moment) => (ulong)(moment - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>When CLOCK_MONOTONIC showed this, if the wall clock has not been set since.</summary>
    /// <param name="monotonic">ns, in the past.</param>
    /// <param name="time">The wall clock.</param>
    public static ulong OfMonotonic(ulong monotonic, TimeProvider time)
    {
        var ago = MonotonicClock.Nanoseconds - monotonic;
        return Now(time) - ago;
    }
}
