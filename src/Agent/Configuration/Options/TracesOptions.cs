namespace Observe.Agent.Configuration.Options;

/// <summary>The <c>traces</c> section: what of the OTLP export is different for spans.</summary>
public sealed record TracesOptions
{
    /// <summary>Spans that wait, where nothing else is said: some 2 kB each.</summary>
    public const int DefaultMaxSpans = 8192;

    /// <summary>Whether spans are made and pushed, if there is an endpoint.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Base URL of the receiver; null: the one of metrics.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The most spans that wait for a receiver that is down.</summary>
    public int MaxSpans { get; init; } = DefaultMaxSpans;
}
