namespace Observe.Agent.Export.Otlp;

/// <summary>What is pushed.</summary>
public enum OtlpSignal
{
    /// <summary>Metrics.</summary>
    Metrics,

    /// <summary>Spans.</summary>
    Traces,
}
