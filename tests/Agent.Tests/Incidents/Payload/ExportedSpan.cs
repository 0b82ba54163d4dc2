using Google.Protobuf;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace Observe.Agent.Tests.Incidents.Payload;

/// <summary>A span as it was exported, read by the official types.</summary>
/// <param name="Resource">Attributes of its Resource.</param>
/// <param name="Scope">Its scope.</param>
/// <param name="Span">The span.</param>
internal sealed record ExportedSpan(IReadOnlyDictionary<string, string> Resource, InstrumentationScope Scope, Span Span)
{
    /// <summary>Times of the protocol are in ns, and the exporter has them in 100 ns.</summary>
    public const long Unit = 100;

    private readonly Dictionary<string, AnyValue> attributes = Span.Attributes.ToDictionary(each => each.Key, each => each.Value);

    public string Name => Span.Name;

    public string TraceId => Hex(Span.TraceId);

    public string SpanId => Hex(Span.SpanId);

    /// <summary>Empty if it has none.</summary>
    public string ParentId => Hex(Span.ParentSpanId);

    /// <summary>ns since the Unix epoch.</summary>
    public long Begin => (long)Span.StartTimeUnixNano;

    /// <summary>ns since the Unix epoch.</summary>
    public long End => (long)Span.EndTimeUnixNano;

    /// <summary>It began not before this.</summary>
    public long Earliest => Int("observe.time.earliest")!.Value;

    /// <summary>It began not after this.</summary>
    public long BeginLatest => Int("observe.time.begin.latest")!.Value;

    /// <summary>It ended not before this.</summary>
    public long EndEarliest => Int("observe.time.end.earliest")!.Value;

    /// <summary>It ended not after this.</summary>
    public long Latest => Int("observe.time.latest")!.Value;

    /// <summary>How much of its bounds' distance, to either side, ns, is the error of this host's clock: no error of one moment against another.</summary>
    public long Common => Int("observe.time.common")!.Value;

    public bool IsError => Span.Status?.Code == OpenTelemetry.Proto.Trace.V1.Status.Types.StatusCode.Error;

    /// <summary>What it is linked to, and why.</summary>
    public IEnumerable<(string TraceId, string SpanId, string Reason)> Links =>
        Span.Links.Select(each => (Hex(each.TraceId), Hex(each.SpanId), each.Attributes.Single(one => one.Key == "observe.link.reason").Value.StringValue));

    public string? Text(string name) => attributes.GetValueOrDefault(name)?.StringValue;

    public long? Int(string name) => attributes.GetValueOrDefault(name)?.IntValue;

    public double? Double(string name) => attributes.GetValueOrDefault(name)?.DoubleValue;

    public string[] Texts(string name) => [.. attributes.GetValueOrDefault(name)?.ArrayValue.Values.Select(each => each.StringValue) ?? []];

    public double[] Doubles(string name) => [.. attributes.GetValueOrDefault(name)?.ArrayValue.Values.Select(each => each.DoubleValue) ?? []];

    /// <summary>An id as people write it.</summary>
    public static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    public override string ToString() => $"{Name} {SpanId} of {Text("container.name") ?? Text("workload")}";
}
