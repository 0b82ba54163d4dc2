using Observe.Collectors.Docker.Api;
using Observe.Collectors.Time;
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

    private readonly RemoteClock remote = new("docker", clock, host, start);
    private long askedAt = long.MinValue;

    /// <summary>Asks an engine elsewhere what time it is, unless that was done just now.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DockerException">It did not answer.</exception>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        var before = remote.Monotonic;
        if (api.Endpoint.IsLocal || (askedAt != long.MinValue && before - askedAt < Pause.Ticks * TimeSpan.NanosecondsPerTick))
            return;
        askedAt = before;
        var info = await api.InfoAsync(cancellationToken).ConfigureAwait(false);
        var after = remote.Monotonic;
        if (info.SystemTime > DateTimeOffset.UnixEpoch)
            remote.Take(new ClockReading(before, (long)UnixNano.Of(info.SystemTime), after, TimeSpan.NanosecondsPerTick));
    }

    /// <summary>When it was.</summary>
    /// <param name="stamp">What the engine's clock showed, ns since the Unix epoch.</param>
    public UtcInterval ToUtc(long stamp) => api.Endpoint.IsLocal ? clock.OfRealtime(stamp) : remote.ToUtc(stamp);

    /// <summary>Adds the points, of an engine elsewhere.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder) => remote.Export(builder);
}
