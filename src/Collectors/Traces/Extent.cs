using Observe.Telemetry.Time;

namespace Observe.Collectors.Traces;

/// <summary>
/// From the first to the last of several moments, none of which is known exactly. What is made of some of the moments never reaches
/// beyond what is made of all: each bound is the least, or the greatest, of the moments' own.
/// </summary>
/// <param name="Begin">The first: not before any moment's earliest, and not after any moment's latest.</param>
/// <param name="End">The last, likewise.</param>
internal readonly record struct Extent(UtcInterval Begin, UtcInterval End)
{
    /// <summary>One moment.</summary>
    /// <param name="when">When.</param>
    public static Extent Of(UtcInterval when) => new(when, when);

    /// <summary>With another moment.</summary>
    /// <param name="when">When.</param>
    public Extent With(UtcInterval when) => new(Begin.Earlier(when), End.Later(when));

    /// <summary>With all of another's.</summary>
    /// <param name="other">The other.</param>
    public Extent With(Extent other) => With(other.Begin).With(other.End);

    /// <summary>
    /// As it is shown within another that certainly contains it: with what that tells of the error of the clock that both were read off, and no
    /// bound beyond its bounds.
    /// </summary>
    /// <param name="outer">The other.</param>
    public Extent Within(Extent outer)
    {
        var all = outer.Begin.Hull(outer.End);
        var (begin, end) = (Begin.Knowing(all), End.Knowing(all));
        return new(
            begin with { Earliest = Math.Max(begin.Earliest, outer.Begin.Earliest) },
            end with { Latest = Math.Min(end.Latest, outer.End.Latest) });
    }

    /// <summary>Whether all of another is in it for certain, wherever within their bounds the moments are.</summary>
    /// <param name="other">The other.</param>
    public bool SurelyContains(Extent other) => Begin.LeastUntil(other.Begin) >= 0 && other.End.LeastUntil(End) >= 0;

    /// <summary>Whether the two may have a moment in common.</summary>
    /// <param name="other">The other.</param>
    public bool MayOverlap(Extent other) => !End.IsBefore(other.Begin) && !other.End.IsBefore(Begin);
}
