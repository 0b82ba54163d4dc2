namespace Observe.Collectors.Migrations;

/// <summary>Notices that CLOCK_REALTIME was set forward, by what lies between it and CLOCK_MONOTONIC. One thread at a time.</summary>
internal sealed class ClockSteps
{
    /// <summary>Least that is told, ns: as of a standstill.</summary>
    private const long Least = BeatRule.Least;

    /// <summary>Most, ns: no switchover is as long, and somebody sets a clock that was wrong.</summary>
    private const long Most = 60_000_000_000;

    private (long RealTime, long Suspended)? before;

    /// <summary>Takes a reading.</summary>
    /// <param name="offset">CLOCK_REALTIME less CLOCK_MONOTONIC, ns.</param>
    /// <param name="suspended">CLOCK_BOOTTIME less CLOCK_MONOTONIC, ns: a suspend sets the clock too, and is told as one.</param>
    /// <returns>By how much it was set forward, ns; 0 if it was not.</returns>
    public long Take(long offset, long suspended)
    {
        var step = before is { } last ? offset - last.RealTime - (suspended - last.Suspended) : 0;
        before = (offset, suspended);
        return step is >= Least and <= Most ? step : 0;
    }
}
