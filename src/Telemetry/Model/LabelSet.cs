namespace Observe.Telemetry.Model;

/// <summary>
/// The labels of a series beyond those of its resource. What many series have alike, such as <c>direction="read"</c> of every
/// virtual machine, can be made once and shared by them all, with its encoded form.
/// </summary>
public sealed class LabelSet
{
    /// <summary>Makes the labels of series of a metric.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="values">Values of <see cref="MetricDescriptor.Labels"/>, in the same order; more names with values for Info metrics go in <paramref name="extraLabels"/>.</param>
    /// <param name="extraLabels">Labels beyond the descriptor's: only for Info metrics, whose label names vary.</param>
    /// <exception cref="ArgumentException">There are not as many values as names, or a name is not legal.</exception>
    public LabelSet(MetricDescriptor metric, string[] values, Label[]? extraLabels = null)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(values);
        extraLabels ??= [];
        if (values.Length != metric.Labels.Length)
            throw new ArgumentException($"{metric} has {metric.Labels.Length} labels ({string.Join(", ", metric.Labels)}), not {values.Length}", nameof(values));
        Metric = metric;
        Labels = [.. values.Select((value, i) => new Label(metric.Labels[i], value)), .. extraLabels];
        LabelNames.Check(metric.PrometheusName, Labels);
        if (metric.Kind == MetricKind.Histogram && Array.Exists(Labels, label => label.Name == "le"))
            throw new ArgumentException($"{metric} cannot have a label 'le': it names the buckets of a histogram", nameof(extraLabels));
    }

    /// <summary>The metric.</summary>
    public MetricDescriptor Metric { get; }

    /// <summary>The labels, in the descriptor's order, then the extra ones.</summary>
    public Label[] Labels { get; }

    /// <summary>Labels as each writer wrote them first; filled lazily by the writers, never by collectors.</summary>
    internal EncodedLabels Encoded { get; } = new();
}
