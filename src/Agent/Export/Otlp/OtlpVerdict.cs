namespace Observe.Agent.Export.Otlp;

/// <summary>What follows from an attempt.</summary>
internal enum OtlpVerdict
{
    /// <summary>Delivered.</summary>
    Accepted,

    /// <summary>May work later.</summary>
    Retry,

    /// <summary>Will never work with these bytes.</summary>
    Drop,
}
