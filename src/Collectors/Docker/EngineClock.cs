using Observe.Bpf.Host;
using Observe.Collectors.Docker.Api;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Docker;

/// <summary>
/// When it was that the engine's clock showed something. On this host that is the host's own clock; of an engine elsewhere it is
/// asked from time to time, and only known as well as the answers are quick. Thread-safe.
/// </summary>
/// <param name="api">The engine.</param>
/// <param name="clock">This host's clock.</param>
/// <param name="host">Whose the series are.</param>
/// <param name="start">Since when steps are counted, ns since the Unix epoch.</param>
internal sealed class EngineClock(DockerApi api, UnifiedClock clock, Resource host, ulong start)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly OffsetEstimator estimator = new();
    private readonly Series offset = new(MetricCatalog.ClockOffset, host, start, ["docker"]);
    private readonly Series error = new(MetricCatalog.ClockError, host, start, ["docker"]);
    private readonly Series steps = new(MetricCatalog.ClockSteps, host, start, ["docker"]);
    private long askedAt = long.MinValue;

    /// <summary>Asks an engine elsewhere what time it is, unless that was done just now.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DockerException">It did not answer.</exception>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        var before = (long)MonotonicClock.Nanoseconds;
        if (api.Endpoint.IsLocal || (askedAt != long.MinValue && before - askedAt < Pause.Ticks * TimeSpan.NanosecondsPerTick))
            return;
        askedAt = before;
        var info = await api.InfoAsync(cancellationToken).ConfigureAwait(false);
        var after = (long)MonotonicClock.Nanoseconds;
        if (info.SystemTime <= DateTimeOffset.UnixEpoch)
            return;
        lock (gate)
            estimator.Take(new ClockReading(before, (long)UnixNano.Of(info.SystemTime), after, TimeSpan.NanosecondsPerTick));
    }

    /// <summary>When it was.</summary>
    /// <param name="stamp">What the engine's clock showed, ns since the Unix epoch.</param>
    public UtcInterval ToUtc(long stamp)
    {
        if (!clock.IsReady)
            return UtcInterval.Around(stamp, 0);
        if (api.Endpoint.IsLocal)
            return UtcInterval.Around(stamp, clock.ToUtc((long)MonotonicClock.Nanoseconds).Error);
        lock (gate)
        {
            if (!estimator.IsReady)
                return UtcInterval.Around(stamp, 0);
            var (earliest, latest) = estimator.ToMonotonic(stamp);
            return clock.ToUtc(earliest).Hull(clock.ToUtc(latest));
        }
    }

    /// <summary>Adds the points, of an engine elsewhere.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        lock (gate)
        {
            if (!estimator.IsReady || !clock.IsReady)
                return;
            var now = (long)MonotonicClock.Nanoseconds;
            var theirs = estimator.OffsetAt(now);
            var ours = clock.ToUtc(now);
            builder.Add(offset, (now + theirs.Middle - ours.Middle) / 1e9);
            builder.Add(error, (theirs.Error + ours.Error) / 1e9);
            builder.Add(steps, estimator.Steps);
        }
    }
}
