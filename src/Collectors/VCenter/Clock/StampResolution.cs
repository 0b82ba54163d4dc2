namespace Observe.Collectors.VCenter.Clock;

/// <summary>
/// What a server's clock cuts off, as far as can be told from what it has shown: the longest unit of which all were whole numbers.
/// Never less than the truth, and soon no more. Not thread-safe: readings are taken one after the other.
/// </summary>
internal sealed class StampResolution
{
    private static readonly long[] Units =
        [TimeSpan.TicksPerSecond, TimeSpan.TicksPerSecond / 10, TimeSpan.TicksPerSecond / 100, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMillisecond / 10, TimeSpan.TicksPerMillisecond / 100, TimeSpan.TicksPerMicrosecond];

    private TimeSpan resolution = TimeSpan.FromTicks(Units[0]);

    /// <summary>Takes a stamp in.</summary>
    /// <param name="stamp">What the clock showed.</param>
    /// <returns>What it cuts off, at most.</returns>
    public TimeSpan Take(DateTimeOffset stamp)
    {
        var unit = Units.FirstOrDefault(each => stamp.UtcTicks % each == 0, 1);
        if (unit < resolution.Ticks)
            resolution = TimeSpan.FromTicks(unit);
        return resolution;
    }
}
