namespace Observe.Agent.Export.Otlp;

/// <summary>How OTLP request bodies are compressed.</summary>
public enum OtlpCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>gzip.</summary>
    Gzip,
}
