namespace Observe.Telemetry.Time;

/// <summary>
/// When something happened: not before one moment and not after another, both in ns since the Unix epoch. Order between two
/// is claimed only where they cannot have been at the same time.
/// </summary>
/// <remarks>
/// What is read off one clock may be far from UTC and yet be known to the nanosecond against all else that is read off it: that clock's own
/// error is the same for both. So it is kept apart, and two moments of one clock are compared without it.
/// </remarks>
/// <param name="Earliest">Not before, ns since the Unix epoch.</param>
/// <param name="Latest">Not after, ns since the Unix epoch.</param>
public readonly record struct UtcInterval(long Earliest, long Latest)
{
    /// <summary>The part of the error, on either side, that is the clock's own, ns; 0 of none.</summary>
    public long Common { get; init; }

    /// <summary>Which clock that is: the same number for two moments if it is the same clock, and nobody has set it between them. 0: none.</summary>
    public long Clock { get; init; }

    /// <summary>The moment in its middle.</summary>
    public long Middle => Earliest + ((Latest - Earliest) / 2);

    /// <summary>How far from <see cref="Middle"/> it may have been, ns.</summary>
    public long Error => Latest - Middle;

    /// <summary>A moment, known to some error on both sides.</summary>
    /// <param name="moment">ns since the Unix epoch.</param>
    /// <param name="error">ns, not negative.</param>
    public static UtcInterval Around(long moment, long error) => new(moment - error, moment + error);

    /// <summary>Whether a moment may have been it.</summary>
    /// <param name="moment">ns since the Unix epoch.</param>
    public bool Contains(long moment) => Earliest <= moment && moment <= Latest;

    /// <summary>Whether this was before another for certain.</summary>
    /// <param name="other">The other.</param>
    public bool IsBefore(UtcInterval other) => LeastUntil(other) > 0;

    /// <summary>The least time that passed from this to another, ns. Negative: the other may have been as much earlier.</summary>
    /// <param name="other">The other.</param>
    public long LeastUntil(UtcInterval other) =>
        other.Earliest - Latest + (Clock != 0 && Clock == other.Clock ? Common + other.Common : 0);

    /// <summary>
    /// This moment, with what is known of the clock's error at another one: from there to here it cannot have grown by more than a clock drifts.
    /// </summary>
    /// <param name="other">The other; of another clock it tells nothing.</param>
    public UtcInterval Knowing(UtcInterval other)
    {
        if (Clock == 0 || Clock != other.Clock || other.Common >= Common)
            return this;
        var apart = Math.Max(Latest - other.Earliest, other.Latest - Earliest) - Common - other.Common;
        var less = Common - other.Common - UnifiedClock.Drift(Math.Max(0, apart));
        return less <= 0 ? this : new UtcInterval(Earliest + less, Latest - less) { Common = Common - less, Clock = Clock };
    }

    /// <summary>The least interval that has both in it.</summary>
    /// <param name="other">The other.</param>
    public UtcInterval Hull(UtcInterval other) => With(other, Math.Min(Earliest, other.Earliest), Math.Max(Latest, other.Latest));

    /// <summary>The earlier of two moments, whichever that is.</summary>
    /// <param name="other">The other.</param>
    public UtcInterval Earlier(UtcInterval other) => With(other, Math.Min(Earliest, other.Earliest), Math.Min(Latest, other.Latest));

    /// <summary>The later of two moments, whichever that is.</summary>
    /// <param name="other">The other.</param>
    public UtcInterval Later(UtcInterval other) => With(other, Math.Max(Earliest, other.Earliest), Math.Max(Latest, other.Latest));

    /// <summary>Only as much of the error as both have is surely no error of one against the other.</summary>
    private UtcInterval With(UtcInterval other, long earliest, long latest) => Clock != 0 && Clock == other.Clock
        ? new UtcInterval(earliest, latest) { Common = Math.Min(Common, other.Common), Clock = Clock }
        : new UtcInterval(earliest, latest);
}
