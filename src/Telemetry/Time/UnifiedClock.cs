namespace Observe.Telemetry.Time;

/// <summary>
/// Converts CLOCK_MONOTONIC, on which everything is stamped, to UTC, as intervals. Both of the host's clocks are slewed
/// together, so what lies between them is one number until somebody sets the clock, a leap second is inserted or the machine
/// is suspended: every reading narrows it, and one that contradicts all before it begins a new epoch. What was converted
/// before stays as it was. Thread-safe.
/// </summary>
public sealed class UnifiedClock
{
    /// <summary>How fast the error of a clock that nobody corrects may grow: MAXFREQ of the kernel, which lets <c>maxerror</c> grow as fast.</summary>
    public const long DriftPartsPerMillion = 500;

    /// <summary>Epochs remembered: a clock that is set more often than that is broken.</summary>
    private const int MaxEpochs = 64;

    /// <summary>Errors remembered, one a reading: 17 minutes of them at one a second. Nothing in this host is reported later than that.</summary>
    private const int MaxErrors = 1024;

    private readonly Lock gate = new();
    private readonly List<Epoch> epochs = new(MaxEpochs);
    private readonly (long At, long Epoch, long Maximum)[] errors = new (long, long, long)[MaxErrors];
    private long taken;

    /// <summary>Times that the clock was set, stepped by a leap second, or the machine suspended.</summary>
    public long Steps
    {
        get
        {
            lock (gate)
                return epochs.Count == 0 ? 0 : epochs[^1].Number;
        }
    }

    /// <summary>Whether there was a reading yet: before, nothing can be converted.</summary>
    public bool IsReady
    {
        get
        {
            lock (gate)
                return epochs.Count > 0;
        }
    }

    /// <summary>Takes a reading of CLOCK_REALTIME in.</summary>
    /// <param name="reading">The reading; ns since the Unix epoch.</param>
    /// <param name="maximumError">How far the clock was from UTC at most, by whoever disciplines it, ns: the kernel's <c>maxerror</c>.</param>
    /// <param name="wasSet">Whether the kernel has said that the clock was set since the last reading.</param>
    /// <returns>Whether a new epoch began with it.</returns>
    /// <exception cref="ArgumentException">It is no reading, or from before the last one.</exception>
    public bool Take(ClockReading reading, long maximumError, bool wasSet = false)
    {
        lock (gate)
        {
            if (!reading.IsValid || (epochs.Count > 0 && reading.Before < epochs[^1].LastSeen))
                throw new ArgumentException("CLOCK_MONOTONIC went back between two readings", nameof(reading));
            var narrowed = epochs.Count > 0 && !wasSet ? epochs[^1].Offset.Intersect(reading.Offset) : null;
            if (narrowed is { } offset)
                epochs[^1] = epochs[^1] with { Offset = offset, LastSeen = reading.Before };
            else
                Begin(reading, maximumError);
            errors[taken++ % MaxErrors] = (reading.After, epochs[^1].Number, maximumError);
            return narrowed is null;
        }
    }

    /// <summary>When it was that CLOCK_MONOTONIC showed this.</summary>
    /// <param name="monotonic">ns.</param>
    /// <returns>An interval that UTC was in, if the error that the clock's discipline states is true.</returns>
    /// <exception cref="InvalidOperationException">There was no reading yet.</exception>
    public UtcInterval ToUtc(long monotonic)
    {
        lock (gate)
        {
            if (epochs.Count == 0)
                throw new InvalidOperationException("no reading of the clock has been taken in yet");
            var i = epochs.Count - 1;
            while (i > 0 && epochs[i - 1].LastSeen >= monotonic)
                i--;
            var utc = ToUtc(epochs[i], monotonic);
            // Between the last reading of one epoch and the first of the next nobody knows which it was.
            return i > 0 && monotonic < epochs[i].FirstSeen ? utc.Hull(ToUtc(epochs[i - 1], monotonic)) : utc;
        }
    }

    /// <summary>When it was that CLOCK_REALTIME of this host showed this, lately.</summary>
    /// <param name="realtime">ns since the Unix epoch.</param>
    /// <returns>An interval that UTC was in; if the clock was set since, only around what it showed. Before the first reading that itself.</returns>
    public UtcInterval OfRealtime(long realtime)
    {
        lock (gate)
        {
            if (epochs.Count == 0)
                return UtcInterval.Around(realtime, 0);
            var epoch = epochs[^1];
            var monotonic = realtime - epoch.Offset.Most;
            var error = ErrorIn(epoch, monotonic);
            var utc = UtcInterval.Around(realtime, error);
            return epochs.Count == 1 || monotonic >= epoch.FirstSeen ? utc with { Common = error, Clock = epoch.Number + 1 } : utc;
        }
    }

    private void Begin(ClockReading reading, long maximumError)
    {
        var number = epochs.Count == 0 ? 0 : epochs[^1].Number + 1;
        if (epochs.Count == MaxEpochs)
            epochs.RemoveAt(0);
        epochs.Add(new Epoch(number, reading.After, reading.Before, reading.Offset, maximumError));
    }

    private UtcInterval ToUtc(in Epoch epoch, long monotonic)
    {
        var error = ErrorIn(epoch, monotonic);
        return new UtcInterval(monotonic + epoch.Offset.Least - error, monotonic + epoch.Offset.Most + error) { Common = error, Clock = epoch.Number + 1 };
    }

    /// <summary>The error at the reading of the epoch that is nearest in time, grown by what the clock may have drifted between.</summary>
    private long ErrorIn(in Epoch epoch, long monotonic)
    {
        var least = epoch.FirstError + Drift(Math.Abs(monotonic - epoch.FirstSeen));
        for (var i = taken - 1; i >= Math.Max(0, taken - MaxErrors); i--)
        {
            var (at, of, maximum) = errors[i % MaxErrors];
            if (of < epoch.Number)
                break;
            if (of > epoch.Number)
                continue;
            least = Math.Min(least, maximum + Drift(Math.Abs(monotonic - at)));
            if (at <= monotonic)
                break;
        }
        return least;
    }

    /// <summary>What a clock that nobody corrects may drift at most, ns.</summary>
    /// <param name="nanoseconds">In so long.</param>
    internal static long Drift(long nanoseconds) => ((nanoseconds / 1_000_000) + 1) * DriftPartsPerMillion;

    /// <param name="Number">How many there were before it.</param>
    /// <param name="FirstSeen">CLOCK_MONOTONIC after the first reading of it, ns.</param>
    /// <param name="LastSeen">CLOCK_MONOTONIC before the last one, ns.</param>
    /// <param name="Offset">CLOCK_REALTIME less CLOCK_MONOTONIC.</param>
    /// <param name="FirstError">The clock's error at the first reading, ns.</param>
    private readonly record struct Epoch(long Number, long FirstSeen, long LastSeen, OffsetBounds Offset, long FirstError);
}
