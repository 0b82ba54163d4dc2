using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>One number of something.</summary>
/// <param name="Metric">What it is exported as.</param>
/// <param name="Values">Values of the metric's own labels.</param>
/// <param name="Read">Takes it out.</param>
internal sealed record EntityMetric(MetricDescriptor Metric, string[] Values, EntityValue Read)
{
    /// <summary>The labels, which all things of a kind share.</summary>
    public LabelSet Labels { get; } = new(Metric, Values);
}
