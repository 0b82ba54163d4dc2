namespace Observe.Telemetry.Model;

/// <summary>Labels of a resource, or of a set of series, in each dialect's bytes, so that writing them again is a copy. Null until first written.</summary>
internal sealed class EncodedLabels
{
    /// <summary>Prometheus text and OpenMetrics: <c>workload="a",state="b"</c>, without braces.</summary>
    public byte[]? Text { get; set; }

    /// <summary>Prometheus protobuf: the repeated <c>Metric.label</c> fields, ready to be copied.</summary>
    public byte[]? PrometheusProtobuf { get; set; }

    /// <summary>OTLP: the repeated <c>NumberDataPoint.attributes</c> or histogram twin, by field number, ready to be copied.</summary>
    public byte[]? OtlpAttributes { get; set; }
}
