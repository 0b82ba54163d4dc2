namespace Observe.Telemetry.Model;

/// <summary>
/// One time series: a metric, whose it is, its own labels, and since when it accumulates. Made once when the series
/// is first seen, kept by the collector that owns it, and handed to <see cref="SnapshotBuilder"/> at every collection, so that
/// a scrape allocates nothing for it. Writers keep their encoded form of the labels in <see cref="EncodedLabels"/>.
/// </summary>
/// <param name="metric">The metric.</param>
/// <param name="resource">Whose it is.</param>
/// <param name="startTimeUnixNano">Start of accumulation, ns since the Unix epoch (OTLP start time, OpenMetrics created).</param>
/// <param name="values">Values of <see cref="MetricDescriptor.Labels"/>, in the same order; more names with values for Info metrics go in <paramref name="extraLabels"/>.</param>
/// <param name="extraLabels">Labels beyond the descriptor's: only for Info metrics, whose label names vary.</param>
public sealed class Series(MetricDescriptor metric, Resource resource, ulong startTimeUnixNano, string[] values, Label[]? extraLabels = null)
{
    /// <summary>The metric.</summary>
    public MetricDescriptor Metric { get; } = metric;

    /// <summary>Whose series this is.</summary>
    public Resource Resource { get; } = resource;

    /// <summary>Start of accumulation, ns since the Unix epoch.</summary>
    public ulong StartTimeUnixNano { get; } = startTimeUnixNano;

    /// <summary>The metric's own labels, in the descriptor's order, then the extra ones.</summary>
    public Label[] Labels { get; } = LabelsOf(metric, resource, values, extraLabels ?? []);

    /// <summary>Labels as each writer wrote them first; filled lazily by the writers, never by collectors.</summary>
    public EncodedLabels EncodedLabels { get; } = new();

    private static Label[] LabelsOf(MetricDescriptor metric, Resource resource, string[] values, Label[] extraLabels)
    {
        if (values.Length != metric.Labels.Length)
            throw new ArgumentException($"{metric} has {metric.Labels.Length} labels ({string.Join(", ", metric.Labels)}), not {values.Length}", nameof(values));
        Label[] labels = [.. values.Select((value, i) => new Label(metric.Labels[i], value)), .. extraLabels];
        LabelNames.Check(metric.PrometheusName, resource.Labels, labels);
        return metric.Kind != MetricKind.Histogram || !Array.Exists(labels, label => label.Name == "le")
            ? labels
            : throw new ArgumentException($"{metric} cannot have a label 'le': it names the buckets of a histogram", nameof(extraLabels));
    }
}
