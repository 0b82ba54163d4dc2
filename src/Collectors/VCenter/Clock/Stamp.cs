namespace Observe.Collectors.VCenter.Clock;

/// <summary>Moments of a server's clock as nanoseconds since the Unix epoch, whatever the server claims.</summary>
internal static class Stamp
{
    /// <summary>What lies outside is no clock's; nanoseconds of it would not fit 64 bits at some point.</summary>
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whether a clock may show it.</summary>
    /// <param name="stamp">The moment.</param>
    public static bool IsPlausible(DateTimeOffset stamp) => stamp > DateTimeOffset.UnixEpoch && stamp < Latest;

    /// <summary>ns since the Unix epoch; the nearest plausible ones where it is not.</summary>
    /// <param name="stamp">The moment.</param>
    public static long ToNanoseconds(DateTimeOffset stamp)
    {
        var clamped = stamp < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : stamp > Latest ? Latest : stamp;
        return (clamped - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
    }

    /// <summary>The moment.</summary>
    /// <param name="nanoseconds">ns since the Unix epoch.</param>
    public static DateTimeOffset OfNanoseconds(long nanoseconds) => DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
