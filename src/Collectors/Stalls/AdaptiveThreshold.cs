namespace Observe.Collectors.Stalls;

/// <summary>
/// A threshold that doubles while more is over it than is wanted, and comes down again when there is less: so that what is
/// told of too many are the longest.
/// </summary>
/// <param name="configured">Never below, ns.</param>
/// <param name="perSecond">How many are wanted.</param>
internal sealed class AdaptiveThreshold(ulong configured, double perSecond)
{
    private readonly ulong least = configured;

    /// <summary>The most, in configured ones: beyond six doublings the rate limit alone must do.</summary>
    private const ulong Most = 64;

    /// <summary>Of what is wanted: below this there is room for the two to four times as many that half the threshold brings.</summary>
    private const double Calm = 0.25;

    /// <summary>As it stands, ns.</summary>
    public ulong Current { get; private set; } = configured;

    /// <summary>Moves it.</summary>
    /// <param name="rate">How many a second have been over it of late.</param>
    /// <returns>Whether it moved.</returns>
    public bool Adapt(double rate)
    {
        var before = Current;
        if (rate > perSecond)
            Current = Math.Min(Current * 2, least * Most);
        else if (rate < perSecond * Calm)
            Current = Math.Max(Current / 2, least);
        return Current != before;
    }
}
