namespace Observe.Agent.Tests.Incidents.Payload;

/// <summary>An exemplar as it was exported.</summary>
/// <param name="Metric">Of which histogram, by its OTel name.</param>
/// <param name="Workload">Of which workload: its id.</param>
/// <param name="TraceId">Where it leads.</param>
/// <param name="SpanId">Where it leads.</param>
/// <param name="Value">What was observed, s.</param>
/// <param name="Time">When, ns since the Unix epoch.</param>
internal sealed record ExportedExemplar(string Metric, string? Workload, string TraceId, string SpanId, double Value, long Time);
