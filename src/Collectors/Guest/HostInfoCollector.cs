using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Guest;

/// <summary>What this host is: whether something is beneath it, and whether that tells of stolen time.</summary>
public sealed class HostInfoCollector : ICollector
{
    /// <summary>A hypervisor that has told of no stolen time so far may tell yet; the file with the answer grows with the host.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly GuestDetection detection;
    private readonly Resource host;
    private readonly TimeProvider time;
    private readonly ulong start;
    private volatile GuestFacts facts;
    private Series series;
    private long lookedAt;

    /// <summary>Looks for the first time.</summary>
    /// <param name="detection">Finds it out.</param>
    /// <param name="host">The host's Resource.</param>
    /// <param name="time">The clock.</param>
    public HostInfoCollector(GuestDetection detection, Resource host, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(detection);
        ArgumentNullException.ThrowIfNull(time);
        this.detection = detection;
        this.host = host;
        this.time = time;
        start = UnixNano.Now(time);
        lookedAt = time.GetTimestamp();
        facts = detection.Look();
        series = Make();
    }

    /// <inheritdoc/>
    public string Name => "host";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status => facts.Rows;

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (facts.Steal == StealTrust.Unknown && time.GetElapsedTime(lookedAt) >= LookAgain)
        {
            lookedAt = time.GetTimestamp();
            var now = detection.Look();
            if (now != facts)
            {
                facts = now;
                series = Make();
            }
        }
        builder.Add(series, 1);
        return new(CollectResult.Ok);
    }

    private Series Make() => new(MetricCatalog.HostInfo, host, start, [facts.Hypervisor, facts.StealLabel]);
}
