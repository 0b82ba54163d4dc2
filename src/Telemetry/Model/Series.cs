namespace Observe.Telemetry.Model;

/// <summary>
/// One time series: a metric, whose it is, its own labels, and since when it accumulates. Made once when the series
/// is first seen, kept by the collector that owns it, and handed to <see cref="SnapshotBuilder"/> at every collection, so that
/// a scrape allocates nothing for it. Writers keep labels in encoded form, once for a resource and once for a set of labels,
/// however many series have them.
/// </summary>
public sealed class Series
{
    private readonly LabelSet labels;

    /// <summary>Makes a series with labels of its own.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="resource">Whose it is.</param>
    /// <param name="startTimeUnixNano">Start of accumulation, ns since the Unix epoch (OTLP start time, OpenMetrics created).</param>
    /// <param name="values">Values of <see cref="MetricDescriptor.Labels"/>, in the same order; more names with values for Info metrics go in <paramref name="extraLabels"/>.</param>
    /// <param name="extraLabels">Labels beyond the descriptor's: only for Info metrics, whose label names vary.</param>
    /// <exception cref="ArgumentException">The labels do not fit the metric or the resource.</exception>
    public Series(MetricDescriptor metric, Resource resource, ulong startTimeUnixNano, string[] values, Label[]? extraLabels = null)
        : this(new LabelSet(metric, values, extraLabels), resource, startTimeUnixNano)
    {
    }

    /// <summary>Makes a series with labels that others have too.</summary>
    /// <param name="labels">The labels, and the metric that they are of.</param>
    /// <param name="resource">Whose it is.</param>
    /// <param name="startTimeUnixNano">Start of accumulation, ns since the Unix epoch.</param>
    /// <exception cref="ArgumentException">The resource has one of the labels itself.</exception>
    public Series(LabelSet labels, Resource resource, ulong startTimeUnixNano)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(resource);
        LabelNames.CheckApart(labels.Metric.PrometheusName, resource.Labels, labels.Labels);
        this.labels = labels;
        Resource = resource;
        StartTimeUnixNano = startTimeUnixNano;
    }

    /// <summary>The metric.</summary>
    public MetricDescriptor Metric => labels.Metric;

    /// <summary>Whose series this is.</summary>
    public Resource Resource { get; }

    /// <summary>Start of accumulation, ns since the Unix epoch.</summary>
    public ulong StartTimeUnixNano { get; }

    /// <summary>The metric's own labels, in the descriptor's order, then the extra ones.</summary>
    public Label[] Labels => labels.Labels;

    /// <inheritdoc cref="LabelSet.Encoded"/>
    internal EncodedLabels EncodedLabels => labels.Encoded;
}
