using Observe.Telemetry.Time;

namespace Observe.Collectors.Migrations;

/// <summary>Puts a standstill on UTC. Pure but for the clock.</summary>
internal static class BlackoutTimes
{
    /// <summary>Converts one, with the readings of the clock that there are by now: one after it at least.</summary>
    /// <param name="what">The standstill.</param>
    /// <param name="clock">This host's clock.</param>
    public static GuestBlackout Of(in Standstill what, UnifiedClock clock)
    {
        var begin = clock.ToUtc(what.BeginEarliest).Hull(clock.ToUtc(what.BeginLatest));
        var end = clock.ToUtc(what.EndEarliest).Hull(clock.ToUtc(what.EndLatest));
        if (what.Sign == BlackoutSign.Suspended)
        {
            // CLOCK_MONOTONIC cannot tell the two ends apart, and what lies between the two epochs has both in its interval.
            var both = begin.Hull(end);
            if (both.Latest - both.Earliest >= what.Length)
                (begin, end) = (both with { Latest = both.Latest - what.Length }, both with { Earliest = both.Earliest + what.Length });
        }
        return new GuestBlackout(what.Sign, begin, end) { Nanoseconds = what.Length };
    }

    /// <summary>
    /// Where a standstill was that shows only in a clock that was set forward afterwards: somewhere between two moments, and as long as the
    /// clock was set by.
    /// </summary>
    /// <param name="step">The step.</param>
    /// <param name="from">It began not before this.</param>
    public static GuestBlackout Within(GuestBlackout step, UtcInterval from) => step with
    {
        Begin = new UtcInterval(from.Earliest, Math.Max(from.Earliest, step.End.Latest - step.Nanoseconds)),
        End = new UtcInterval(from.Earliest + step.Nanoseconds, Math.Max(from.Earliest + step.Nanoseconds, step.End.Latest)),
    };
}
