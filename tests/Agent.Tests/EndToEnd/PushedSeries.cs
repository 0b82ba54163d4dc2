using Google.Protobuf.Collections;
using Observe.Agent.Tests.Otlp;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Metrics.V1;

namespace Observe.Agent.Tests.EndToEnd;

/// <summary>Everything that was pushed of one series, in the order in which it came.</summary>
/// <param name="Resource">The attributes of its Resource.</param>
/// <param name="Metric">Its metric, by its OTel name.</param>
/// <param name="Attributes">Its own attributes.</param>
/// <param name="Points">Its points.</param>
internal sealed record PushedSeries(
    IReadOnlyDictionary<string, string> Resource, string Metric, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<NumberDataPoint> Points)
{
    /// <summary>All numbers that a receiver has, by series.</summary>
    public static IReadOnlyList<PushedSeries> Of(OtlpReceiver receiver)
    {
        var all = from request in receiver.Requests
                  from resource in request.Message.ResourceMetrics
                  from scope in resource.ScopeMetrics
                  from metric in scope.Metrics
                  from point in metric.Sum?.DataPoints ?? metric.Gauge?.DataPoints ?? []
                  group (Resource: resource.Resource.Attributes, metric.Name, Point: point) by $"{resource.Resource.Attributes}\n{metric.Name}\n{point.Attributes}";
        return [.. all.Select(each => new PushedSeries(Read(each.First().Resource), each.First().Name, Read(each.First().Point.Attributes), [.. each.Select(one => one.Point)]))];
    }

    private static Dictionary<string, string> Read(RepeatedField<KeyValue> attributes) => attributes.ToDictionary(each => each.Key, each => each.Value.StringValue);
}
