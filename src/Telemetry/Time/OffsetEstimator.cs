namespace Observe.Telemetry.Time;

/// <summary>
/// How far another machine's clock is from ours, by asking it (Cristian's method): its answer was read between our question
/// and our receipt of it. What each exchange allows is intersected with what all before it do, which grows by what the two
/// clocks may drift apart meanwhile; an exchange that contradicts them all is a step of the other clock, and begins a new epoch.
/// A step smaller than what is uncertain anyway contradicts nothing: then what is claimed may be off by as much. Not thread-safe.
/// </summary>
public sealed class OffsetEstimator
{
    /// <summary>Most that two clocks drift apart where nothing better is known: twice 100 ppm, what crystals keep to.</summary>
    public const int DefaultDriftPartsPerMillion = 200;

    /// <summary>Epochs remembered, to convert what the other machine noted before its clock was set.</summary>
    private const int MaxEpochs = 16;

    private readonly long drift;
    private readonly List<Epoch> epochs = new(MaxEpochs);

    /// <summary>Knows nothing yet.</summary>
    /// <param name="driftPartsPerMillion">Most that the other clock gains or loses on CLOCK_MONOTONIC here.</param>
    public OffsetEstimator(int driftPartsPerMillion = DefaultDriftPartsPerMillion)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(driftPartsPerMillion);
        drift = driftPartsPerMillion;
    }

    /// <summary>Whether there was an exchange yet.</summary>
    public bool IsReady => epochs.Count > 0;

    /// <summary>Times that the other clock was found set.</summary>
    public long Steps { get; private set; }

    /// <summary>Takes an exchange in.</summary>
    /// <param name="exchange">Sent, what the other clock showed, received.</param>
    /// <returns>Whether a new epoch began with it.</returns>
    /// <exception cref="ArgumentException">It is none, or older than the last one.</exception>
    public bool Take(ClockReading exchange)
    {
        if (!exchange.IsValid || (IsReady && exchange.After < epochs[^1].At))
            throw new ArgumentException("CLOCK_MONOTONIC went back between two exchanges", nameof(exchange));
        // As of its end: until then the clocks have drifted apart by no more than during all of it.
        var allowed = exchange.Offset.Widen(Drift(exchange.After - exchange.Before));
        if (!IsReady)
        {
            epochs.Add(new Epoch(exchange.After, exchange.After, allowed));
            return true;
        }
        var last = epochs[^1];
        if (last.Offset.Widen(Drift(exchange.After - last.At)).Intersect(allowed) is { } narrowed)
        {
            epochs[^1] = last with { At = exchange.After, Offset = narrowed };
            return false;
        }
        Steps++;
        if (epochs.Count == MaxEpochs)
            epochs.RemoveAt(0);
        epochs.Add(new Epoch(exchange.After, exchange.After, allowed));
        return true;
    }

    /// <summary>The other clock less CLOCK_MONOTONIC here.</summary>
    /// <param name="monotonic">When, ns of CLOCK_MONOTONIC.</param>
    /// <exception cref="InvalidOperationException">There was no exchange yet.</exception>
    public OffsetBounds OffsetAt(long monotonic)
    {
        var last = Last();
        return last.Offset.Widen(Drift(Math.Abs(monotonic - last.At)));
    }

    /// <summary>When it was, on CLOCK_MONOTONIC here, that the other clock showed this.</summary>
    /// <param name="stamp">What it showed, ns.</param>
    /// <param name="resolution">What it cut off, ns.</param>
    /// <returns>Not before, and not after, in ns. A stamp that two epochs may have given (the clock was set back) has both.</returns>
    /// <exception cref="InvalidOperationException">There was no exchange yet.</exception>
    public (long Earliest, long Latest) ToMonotonic(long stamp, long resolution = 0)
    {
        var (earliest, latest) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < epochs.Count; i++)
        {
            var (from, to) = ToMonotonic(epochs[i], stamp, resolution);
            // Only if it was in force then: from when the one before was last seen, until the next one had begun.
            if (to < (i == 0 ? long.MinValue : epochs[i - 1].At) || from > (i == epochs.Count - 1 ? long.MaxValue : epochs[i + 1].Began))
                continue;
            (earliest, latest) = (Math.Min(earliest, from), Math.Max(latest, to));
        }
        // A moment that the other clock skipped when it was set.
        return earliest <= latest ? (earliest, latest) : ToMonotonic(Last(), stamp, resolution);
    }

    private Epoch Last() => IsReady ? epochs[^1] : throw new InvalidOperationException("no exchange with the other clock has been taken in yet");

    private (long Earliest, long Latest) ToMonotonic(in Epoch epoch, long stamp, long resolution)
    {
        // How long ago it was is known by the offset, and how much that may have drifted by how long ago it was.
        var distance = Math.Max(Math.Abs(stamp + resolution - epoch.Offset.Least - epoch.At), Math.Abs(stamp - epoch.Offset.Most - epoch.At));
        var then = epoch.Offset.Widen(Drift(distance) + Drift(Drift(distance)));
        return (stamp - then.Most, stamp + resolution - then.Least);
    }

    private long Drift(long nanoseconds) => ((nanoseconds / 1_000_000) + 1) * drift;

    /// <param name="Began">CLOCK_MONOTONIC after its first exchange, ns.</param>
    /// <param name="At">CLOCK_MONOTONIC after its last one, ns: when the offset is of.</param>
    /// <param name="Offset">The other clock less CLOCK_MONOTONIC.</param>
    private readonly record struct Epoch(long Began, long At, OffsetBounds Offset);
}
