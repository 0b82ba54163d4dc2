namespace Observe.Telemetry.Model;

/// <summary>Who a metric's series belong to.</summary>
public enum MetricScope
{
    /// <summary>The host or the agent itself: no workload labels; the host's OTLP Resource.</summary>
    Host,

    /// <summary>One workload a series: carries the workload's labels; the workload's own OTLP Resource.</summary>
    Workload,

    /// <summary>One thing a vCenter manages a series: carries its name and id; an OTLP Resource of its own.</summary>
    VCenter,
}
