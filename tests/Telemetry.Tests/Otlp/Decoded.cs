using Google.Protobuf.Collections;
using Observe.Telemetry.Otlp;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Metrics.V1;

namespace Observe.Telemetry.Tests.Otlp;

/// <summary>Requests as the official types read them, and the points in them laid flat.</summary>
internal sealed class Decoded
{
    public Decoded(OtlpPayload payload)
    {
        for (var i = 0; i < payload.Count; i++)
            Requests.Add(ExportMetricsServiceRequest.Parser.ParseFrom(payload.BodyOf(i).Span));
        foreach (var resource in Requests.SelectMany(request => request.ResourceMetrics))
        {
            foreach (var metric in resource.ScopeMetrics.ShouldHaveSingleItem().Metrics)
                Flatten(resource, metric);
        }
    }

    public List<ExportMetricsServiceRequest> Requests { get; } = [];

    public List<(ResourceMetrics Resource, Metric Metric, NumberDataPoint Point)> Numbers { get; } = [];

    public List<(ResourceMetrics Resource, Metric Metric, ExponentialHistogramDataPoint Point)> Histograms { get; } = [];

    public static Dictionary<string, string> ToDictionary(RepeatedField<KeyValue> attributes) =>
        attributes.ToDictionary(a => a.Key, a => a.Value.ValueCase == AnyValue.ValueOneofCase.StringValue ? a.Value.StringValue : throw new InvalidDataException(a.ToString()));

    /// <summary>A key that tells one series from every other: metric, resource, attributes.</summary>
    public static string Key(string metric, string? workload, IEnumerable<KeyValuePair<string, string>> attributes) =>
        $"{metric}|{workload ?? "host"}|{string.Join(",", attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"))}";

    public static string Key(ResourceMetrics resource, Metric metric, RepeatedField<KeyValue> attributes) =>
        Key(metric.Name, ToDictionary(resource.Resource.Attributes).GetValueOrDefault("workload.id"), ToDictionary(attributes));

    private void Flatten(ResourceMetrics resource, Metric metric)
    {
        foreach (var point in metric.Sum?.DataPoints ?? metric.Gauge?.DataPoints ?? [])
            Numbers.Add((resource, metric, point));
        foreach (var point in metric.ExponentialHistogram?.DataPoints ?? [])
            Histograms.Add((resource, metric, point));
    }
}
