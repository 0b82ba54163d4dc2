using Observe.Bpf.Host;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Time;

/// <summary>
/// The clock of another machine, as its answers tell, on top of this host's: when it was that it showed something, and how far it is
/// off. How it is asked is the business of whoever has it. Thread-safe.
/// </summary>
/// <param name="source">What it is called: the label <c>source</c>.</param>
/// <param name="clock">This host's clock.</param>
/// <param name="host">Whose the series are.</param>
/// <param name="start">Since when steps are counted, ns since the Unix epoch.</param>
/// <param name="monotonic">CLOCK_MONOTONIC, ns; null: as it is.</param>
internal sealed class RemoteClock(string source, UnifiedClock clock, Resource host, ulong start, Func<long>? monotonic = null)
{
    private readonly Lock gate = new();
    private readonly OffsetEstimator estimator = new();
    private readonly Func<long> monotonic = monotonic ?? (static () => (long)MonotonicClock.Nanoseconds);
    private readonly Series offset = new(MetricCatalog.ClockOffset, host, start, [source]);
    private readonly Series error = new(MetricCatalog.ClockError, host, start, [source]);
    private readonly Series steps = new(MetricCatalog.ClockSteps, host, start, [source]);
    private long takenAt = long.MinValue;

    /// <summary>Whether it has answered at least once.</summary>
    public bool IsReady
    {
        get
        {
            lock (gate)
                return estimator.IsReady;
        }
    }

    /// <summary>CLOCK_MONOTONIC here, ns: to be read before a question, and after its answer.</summary>
    public long Monotonic => monotonic();

    /// <summary>What it shows about now, ns since the Unix epoch; null before the first answer.</summary>
    public long? Now
    {
        get
        {
            lock (gate)
            {
                var now = monotonic();
                return estimator.IsReady ? now + estimator.OffsetAt(now).Middle : null;
            }
        }
    }

    /// <summary>How far it is ahead of UTC, and how wrong that may be, both ns; null while that is not known.</summary>
    public (long Offset, long Error)? Offset
    {
        get
        {
            lock (gate)
            {
                if (!estimator.IsReady || !clock.IsReady)
                    return null;
                var now = monotonic();
                var (theirs, ours) = (estimator.OffsetAt(now), clock.ToUtc(now));
                return (now + theirs.Middle - ours.Middle, theirs.Error + ours.Error);
            }
        }
    }

    /// <summary>Takes an answer, unless a later one has been taken: two may be asked for at once, and wait for each other here.</summary>
    /// <param name="answer">Sent, what it showed, received.</param>
    public void Take(ClockReading answer)
    {
        lock (gate)
        {
            if (answer.After < takenAt)
                return;
            takenAt = answer.After;
            estimator.Take(answer);
        }
    }

    /// <summary>When it was; while that is not known, what it showed is taken for UTC.</summary>
    /// <param name="stamp">What it showed, ns since the Unix epoch.</param>
    /// <param name="resolution">What it cut off, ns.</param>
    public UtcInterval ToUtc(long stamp, long resolution = 0)
    {
        lock (gate)
        {
            if (!estimator.IsReady || !clock.IsReady)
                return UtcInterval.Around(stamp, 0);
            var (earliest, latest) = estimator.ToMonotonic(stamp, resolution);
            return clock.ToUtc(earliest).Hull(clock.ToUtc(latest));
        }
    }

    /// <summary>Adds the points, once it is known how far it is off.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        if (Offset is not { } known)
            return;
        builder.Add(offset, known.Offset / 1e9);
        builder.Add(error, known.Error / 1e9);
        lock (gate)
            builder.Add(steps, estimator.Steps);
    }
}
