namespace Observe.Telemetry.Model;

/// <summary>One metric, written out in both dialects: a row of <c>MetricCatalog</c>. Compared by reference.</summary>
/// <param name="prometheusName">Full Prometheus name with unit and <c>_total</c>.</param>
/// <param name="otelName">OpenTelemetry name, dotted, without unit and <c>_total</c>.</param>
/// <param name="unit">UCUM unit; empty for info metrics. Not <c>1</c> for gauges: Prometheus reads that as a ratio.</param>
/// <param name="kind">What the values mean.</param>
/// <param name="scope">Whether each series belongs to a workload or to the host.</param>
/// <param name="help">One sentence for people, without a full stop.</param>
/// <param name="labels">Names of the metric's own Prometheus labels, besides the workload's.</param>
public sealed class MetricDescriptor(
    string prometheusName, string otelName, string unit, MetricKind kind, MetricScope scope, string help, params string[] labels)
{
    /// <summary>Full Prometheus name, for example <c>observe_thread_time_seconds_total</c>.</summary>
    public string PrometheusName { get; } = prometheusName;

    /// <summary>OpenTelemetry name, for example <c>observe.thread.time</c>.</summary>
    public string OtelName { get; } = otelName;

    /// <summary>UCUM unit: <c>s</c>, <c>By</c>, <c>{switch}</c>; empty for info metrics.</summary>
    public string Unit { get; } = unit;

    /// <summary>What the values mean.</summary>
    public MetricKind Kind { get; } = kind;

    /// <summary>Whose the series are.</summary>
    public MetricScope Scope { get; } = scope;

    /// <summary>One sentence for people.</summary>
    public string Help { get; } = help;

    /// <summary>Names of the metric's own labels, in the order of <see cref="Series.Labels"/>.</summary>
    public string[] Labels { get; } = labels;

    /// <inheritdoc/>
    public override string ToString() => PrometheusName;
}
