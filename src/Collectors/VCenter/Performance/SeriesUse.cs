using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>A series that is made of a counter.</summary>
/// <param name="Metric">Its metric; if that has a label <c>object</c>, it is the last one.</param>
/// <param name="Kind">What becomes of the values.</param>
/// <param name="Factor">From the counter's unit to the metric's.</param>
/// <param name="Labels">Values of the metric's labels, without the object.</param>
internal sealed record SeriesUse(MetricDescriptor Metric, SeriesKind Kind, double Factor, params string[] Labels)
{
    /// <summary>Whether there can be one for each vCPU, network card or disk.</summary>
    public bool HasObject => Metric.Labels is [.., "object"];

    /// <summary>Whether it is only wanted with all details.</summary>
    public bool IsDetail { get; init; }
}
