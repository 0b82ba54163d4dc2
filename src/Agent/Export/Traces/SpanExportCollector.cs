using Observe.Collectors;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent.Export.Traces;

/// <summary>How the export of spans fares, as metrics.</summary>
/// <param name="status">How it fares.</param>
/// <param name="queue">What waits.</param>
/// <param name="host">The host's Resource.</param>
/// <param name="start">When the agent started, ns since the Unix epoch.</param>
public sealed class SpanExportCollector(SpanExporterStatus status, SpanBuffer queue, Resource host, ulong start) : ICollector
{
    private readonly Series accepted = new(MetricCatalog.TraceSpans, host, start, ["accepted"]);
    private readonly Series rejected = new(MetricCatalog.TraceSpans, host, start, ["rejected"]);
    private readonly Series dropped = new(MetricCatalog.TraceSpans, host, start, ["dropped"]);
    private readonly Series waiting = new(MetricCatalog.TraceSpansWaiting, host, start, []);
    private readonly Dictionary<string, Series> failures = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "traces";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status => [status.Component];

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(accepted, status.Accepted);
        builder.Add(rejected, status.Rejected);
        builder.Add(dropped, status.Dropped);
        builder.Add(waiting, queue.Count);
        status.VisitFailures((Collector: this, Builder: builder), static (state, reason, count) => state.Builder.Add(state.Collector.SeriesOf(reason), count));
        return ValueTask.FromResult(CollectResult.Ok);
    }

    private Series SeriesOf(string reason)
    {
        if (!failures.TryGetValue(reason, out var series))
            failures.Add(reason, series = new Series(MetricCatalog.TraceFailures, host, start, [reason]));
        return series;
    }
}
