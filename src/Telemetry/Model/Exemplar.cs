namespace Observe.Telemetry.Model;

/// <summary>One observation of a histogram, and the span that tells of it.</summary>
/// <param name="Value">What was observed, in the metric's unit.</param>
/// <param name="TimeUnixNano">When, ns since the Unix epoch.</param>
/// <param name="TraceId">The span's trace, 128 bits, not 0.</param>
/// <param name="SpanId">The span, 64 bits, not 0.</param>
public readonly record struct Exemplar(double Value, ulong TimeUnixNano, UInt128 TraceId, ulong SpanId);
