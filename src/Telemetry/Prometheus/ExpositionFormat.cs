namespace Observe.Telemetry.Prometheus;

/// <summary>The formats in which Prometheus can scrape a snapshot.</summary>
public enum ExpositionFormat
{
    /// <summary>Prometheus text 0.0.4: what everything reads.</summary>
    Text,

    /// <summary>OpenMetrics text 1.0.0: units, info metrics and start times.</summary>
    OpenMetrics,

    /// <summary>Delimited <c>io.prometheus.client.MetricFamily</c> messages: the only one with native histograms.</summary>
    Protobuf,
}
