namespace Observe.Telemetry.Time;

/// <summary>
/// A reading of another clock between two readings of CLOCK_MONOTONIC: it was taken at some moment between them, and nobody
/// knows at which.
/// </summary>
/// <param name="Before">CLOCK_MONOTONIC before it, ns.</param>
/// <param name="Value">What the other clock showed, ns in its own epoch.</param>
/// <param name="After">CLOCK_MONOTONIC after it, ns.</param>
/// <param name="Resolution">What the other clock cuts off of what it shows, ns: it was at least Value, and less than Value + Resolution + 1.</param>
public readonly record struct ClockReading(long Before, long Value, long After, long Resolution = 0)
{
    /// <summary>The other clock less CLOCK_MONOTONIC, ns.</summary>
    public OffsetBounds Offset => new(Value - After, Value + Resolution - Before);

    /// <summary>Whether it is one at all: time does not go back, and a resolution is not negative.</summary>
    public bool IsValid => After >= Before && Resolution >= 0;
}
