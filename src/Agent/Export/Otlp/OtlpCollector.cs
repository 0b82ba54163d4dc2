using Observe.Collectors;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent.Export.Otlp;

/// <summary>The export's own health as metrics: so that Prometheus shows when OTLP fails.</summary>
/// <param name="status">How the export fares.</param>
/// <param name="host">The host's resource.</param>
/// <param name="startTimeUnixNano">When the agent started, ns since the Unix epoch.</param>
public sealed class OtlpCollector(OtlpExporterStatus status, Resource host, ulong startTimeUnixNano) : ICollector
{
    private readonly Series accepted = new(MetricCatalog.OtlpPoints, host, startTimeUnixNano, ["accepted"]);
    private readonly Series rejected = new(MetricCatalog.OtlpPoints, host, startTimeUnixNano, ["rejected"]);
    private readonly Series dropped = new(MetricCatalog.OtlpPoints, host, startTimeUnixNano, ["dropped"]);
    private readonly Series superseded = new(MetricCatalog.OtlpPoints, host, startTimeUnixNano, ["superseded"]);
    private readonly Series bytes = new(MetricCatalog.OtlpRequestBytes, host, startTimeUnixNano, []);
    private readonly Series waiting = new(MetricCatalog.OtlpSamplesWaiting, host, startTimeUnixNano, []);
    private readonly Series lastSuccess = new(MetricCatalog.OtlpLastSuccess, host, startTimeUnixNano, []);
    private readonly Dictionary<string, Series> failures = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "otlp";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status => [status.Component];

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!status.Enabled)
            return ValueTask.FromResult(CollectResult.NoData("no OTLP endpoint is set"));
        builder.Add(accepted, status.AcceptedPoints);
        builder.Add(rejected, status.RejectedPoints);
        builder.Add(dropped, status.DroppedPoints);
        builder.Add(superseded, status.SupersededPoints);
        builder.Add(bytes, status.SentBytes);
        if (status.WaitingSamples is { } samples)
            builder.Add(waiting, samples);
        if (status.LastSuccess is { } time)
            builder.Add(lastSuccess, time.ToUnixTimeMilliseconds() / 1e3);
        status.VisitFailures((Collector: this, Builder: builder), static (state, reason, count) => state.Builder.Add(state.Collector.SeriesOf(reason), count));
        return ValueTask.FromResult(CollectResult.Ok);
    }

    private Series SeriesOf(string reason)
    {
        if (!failures.TryGetValue(reason, out var series))
            failures.Add(reason, series = new Series(MetricCatalog.OtlpFailures, host, startTimeUnixNano, [reason]));
        return series;
    }
}
