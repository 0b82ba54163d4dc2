using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Events;

/// <summary>The series of one source of the timeline.</summary>
/// <param name="source">The source.</param>
/// <param name="host">Whose they are.</param>
/// <param name="start">Since when they accumulate, ns since the Unix epoch.</param>
internal sealed class SourceSeries(TimelineSource source, Resource host, ulong start)
{
    private readonly Series accepted = Outcome(source, host, start, "accepted");
    private readonly Series late = Outcome(source, host, start, "late");
    private readonly Series duplicate = Outcome(source, host, start, "duplicate");
    private readonly Series dropped = Outcome(source, host, start, "dropped");
    private readonly Series lateness = new(MetricCatalog.TimelineLateness, host, start, [source.Name]);

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        builder.Add(accepted, source.Accepted);
        builder.Add(late, source.Late);
        builder.Add(duplicate, source.Duplicates);
        builder.Add(dropped, source.Dropped);
        builder.Add(lateness, source.Lateness / 1e9);
    }

    private static Series Outcome(TimelineSource source, Resource host, ulong start, string outcome) =>
        new(MetricCatalog.TimelineEvents, host, start, [source.Name, outcome]);
}
