using Observe.Agent.Tests.EndToEnd;
using Observe.Agent.Tests.Otlp;

namespace Observe.Agent.Tests.Incidents.Payload;

/// <summary>All that a receiver was sent, laid flat. What the tests know of the agent is this and nothing else.</summary>
internal sealed class ExportedPayload
{
    private ExportedPayload(IReadOnlyList<ExportedSpan> spans, IReadOnlyList<ExportedExemplar> exemplars, IReadOnlyList<PushedSeries> series) =>
        (Spans, Exemplars, Series) = (spans, exemplars, series);

    /// <summary>All spans.</summary>
    public IReadOnlyList<ExportedSpan> Spans { get; }

    /// <summary>All exemplars, each once.</summary>
    public IReadOnlyList<ExportedExemplar> Exemplars { get; }

    /// <summary>All numbers.</summary>
    public IReadOnlyList<PushedSeries> Series { get; }

    /// <summary>Reads what a receiver has so far.</summary>
    public static ExportedPayload Of(OtlpReceiver receiver) => new([.. SpansOf(receiver)], [.. ExemplarsOf(receiver).Distinct()], PushedSeries.Of(receiver));

    /// <summary>Spans so far.</summary>
    public static IEnumerable<ExportedSpan> SpansOf(OtlpReceiver receiver) =>
        from request in receiver.SpanRequests
        from resource in request.Message.ResourceSpans
        let attributes = resource.Resource.Attributes.ToDictionary(each => each.Key, each => each.Value.StringValue)
        from scope in resource.ScopeSpans
        from span in scope.Spans
        select new ExportedSpan(attributes, scope.Scope, span);

    /// <summary>Exemplars so far: each as often as it was sent, which is with every export.</summary>
    public static IEnumerable<ExportedExemplar> ExemplarsOf(OtlpReceiver receiver) =>
        from request in receiver.Requests
        from resource in request.Message.ResourceMetrics
        let workload = resource.Resource.Attributes.FirstOrDefault(each => each.Key == "workload.id")?.Value.StringValue
        from scope in resource.ScopeMetrics
        from metric in scope.Metrics
        from point in metric.ExponentialHistogram?.DataPoints ?? []
        from each in point.Exemplars
        select new ExportedExemplar(metric.Name, workload, ExportedSpan.Hex(each.TraceId), ExportedSpan.Hex(each.SpanId), each.AsDouble, (long)each.TimeUnixNano);

    /// <summary>Spans of a name.</summary>
    public IEnumerable<ExportedSpan> Named(string name) => Spans.Where(each => each.Name == name);

    /// <summary>Spans of a name and of a container.</summary>
    public List<ExportedSpan> Of(string container, string name) => [.. Named(name).Where(each => each.Text("container.id") == container)];
}
