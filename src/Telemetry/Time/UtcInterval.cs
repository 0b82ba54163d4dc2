namespace Observe.Telemetry.Time;

/// <summary>
/// When something happened: not before one moment and not after another, both in ns since the Unix epoch. Order between two
/// is claimed only where they do not overlap.
/// </summary>
/// <param name="Earliest">Not before, ns since the Unix epoch.</param>
/// <param name="Latest">Not after, ns since the Unix epoch.</param>
public readonly record struct UtcInterval(long Earliest, long Latest)
{
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
    public bool IsBefore(UtcInterval other) => Latest < other.Earliest;

    /// <summary>The least interval that has both in it.</summary>
    /// <param name="other">The other.</param>
    public UtcInterval Hull(UtcInterval other) => new(Math.Min(Earliest, other.Earliest), Math.Max(Latest, other.Latest));
}
