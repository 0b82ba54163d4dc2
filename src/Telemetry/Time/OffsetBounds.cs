namespace Observe.Telemetry.Time;

/// <summary>What lies between two clocks, ns: not less than one number and not more than another.</summary>
/// <param name="Least">Not less, ns.</param>
/// <param name="Most">Not more, ns.</param>
public readonly record struct OffsetBounds(long Least, long Most)
{
    /// <summary>The middle, ns.</summary>
    public long Middle => Least + ((Most - Least) / 2);

    /// <summary>How far from the middle it may be, ns.</summary>
    public long Error => Most - Middle;

    /// <summary>What both allow; null if they contradict each other.</summary>
    /// <param name="other">The other.</param>
    public OffsetBounds? Intersect(OffsetBounds other)
    {
        var both = new OffsetBounds(Math.Max(Least, other.Least), Math.Min(Most, other.Most));
        return both.Least <= both.Most ? both : null;
    }

    /// <summary>Made wider on both sides.</summary>
    /// <param name="by">ns, not negative.</param>
    public OffsetBounds Widen(long by) => new(Least - by, Most + by);
}
