namespace Observe.Telemetry.Otlp;

/// <summary>What the encoder adds to a snapshot, and how much of it goes into one request.</summary>
public sealed record OtlpEncoderOptions
{
    /// <summary>Name of the instrumentation scope of every metric.</summary>
    public const string ScopeName = "observe";

    /// <summary>Bound of one request, uncompressed: 4 MiB, what gRPC servers accept unless told otherwise.</summary>
    public const int DefaultMaxRequestBytes = 4 * 1024 * 1024;

    /// <summary>Version of the instrumentation scope: the agent's. Left out if empty.</summary>
    public string ScopeVersion { get; init; } = "";

    /// <summary>Largest request, in bytes before compression. A single data point larger than this still travels, alone.</summary>
    public int MaxRequestBytes { get; init; } = DefaultMaxRequestBytes;

    /// <summary>
    /// Attributes of the environment (<c>OTEL_RESOURCE_ATTRIBUTES</c>): added to every resource that does not say otherwise itself,
    /// except <c>service.*</c>, which describes the agent and not the workloads it watches.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> CommonAttributes { get; init; } = [];

    /// <summary>
    /// <c>service.name</c> of the host's resource (<c>OTEL_SERVICE_NAME</c>), before any other source of it. Null: the
    /// resource's own, else the one in <see cref="CommonAttributes"/>, else <c>observe</c>.
    /// </summary>
    public string? ServiceName { get; init; }
}
