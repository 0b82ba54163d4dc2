using Observe.Telemetry.Otlp;

namespace Observe.Agent.Export.Otlp;

/// <summary>
/// Where and how a signal is pushed. The defaults are OpenTelemetry's, except that nothing is pushed unless an
/// endpoint is set: an agent that fills the log of a host without a receiver helps nobody.
/// </summary>
public sealed partial record OtlpOptions
{
    /// <summary>What is pushed.</summary>
    public OtlpSignal Signal { get; init; } = OtlpSignal.Metrics;

    /// <summary>Base URL of the receiver; over HTTP, <c>v1/metrics</c> or <c>v1/traces</c> is appended to its path. Null: none.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>URL for the signal alone, used as it is; comes before <see cref="Endpoint"/>. Null: none.</summary>
    public Uri? SignalEndpoint { get; init; }

    /// <summary>Switched off by <c>OTEL_SDK_DISABLED</c>, <c>OTEL_METRICS_EXPORTER</c> or <c>OTEL_TRACES_EXPORTER</c>, whatever the endpoint.</summary>
    public bool Disabled { get; init; }

    /// <summary>How requests travel.</summary>
    public OtlpProtocol Protocol { get; init; } = OtlpProtocol.HttpProtobuf;

    /// <summary>How requests are compressed.</summary>
    public OtlpCompression Compression { get; init; } = OtlpCompression.None;

    /// <summary>Headers (gRPC: metadata) of every request. Often secrets: never logged, and not printed by <see cref="ToString"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Time for one attempt to deliver one request; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for no limit of its own.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time from one collection to the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for all requests and attempts of one snapshot; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    public TimeSpan ExportTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>PEM file of the authorities to trust instead of the system's; null: the system's.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the client's certificate (chain); null: none.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>PEM file of the client certificate's private key; null: none.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>Attributes added to every resource that does not have them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ResourceAttributes { get; init; } = [];

    /// <summary><c>service.name</c> of the host's resource; null: as the resource says, else <c>observe</c>.</summary>
    public string? ServiceName { get; init; }

    /// <summary>Bound of one request, in bytes before compression.</summary>
    public int MaxRequestBytes { get; init; } = OtlpEncoderOptions.DefaultMaxRequestBytes;

    /// <summary>Pause after a first failure that may pass; doubles with each further one.</summary>
    public TimeSpan RetryInitialDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause that failures alone lead to.</summary>
    public TimeSpan RetryMaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest pause that a receiver can ask for (<c>Retry-After</c>, <c>RetryInfo</c>): beyond it a mistake is likelier than a wish.</summary>
    public TimeSpan RetryAfterLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The first export comes at a random time within this: soon, so that a wrong endpoint shows, but agents started together do not come together.</summary>
    public TimeSpan FirstExportWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for the last export when the agent stops.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromMilliseconds(900);

    /// <summary>Whether anything is pushed.</summary>
    public bool Enabled => Target is not null && !Disabled;

    /// <summary>The URL that requests go to; null if no endpoint is set.</summary>
    public Uri? Target => Protocol switch
    {
        OtlpProtocol.Grpc when (SignalEndpoint ?? Endpoint) is { } endpoint => new Uri(endpoint, Signal == OtlpSignal.Traces
            ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
            : "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"),
        OtlpProtocol.HttpProtobuf => SignalEndpoint ?? (Endpoint is null ? null : AppendPath(Endpoint)),
        _ => null,
    };

    /// <summary>Where to, and how, in one line without secrets: some receivers take a token in the path or the query.</summary>
    public override string ToString() => Disabled ? "disabled" : Target is null ? "no endpoint"
        : $"{(Protocol == OtlpProtocol.Grpc ? "grpc" : "http/protobuf")} to {Target.GetLeftPart(UriPartial.Authority)}{(Signal == OtlpSignal.Traces ? "" : $" every {Interval.TotalSeconds:0.###} s")}";

    private Uri AppendPath(Uri endpoint)
    {
        var url = new UriBuilder(endpoint);
        url.Path = url.Path.TrimEnd('/') + (Signal == OtlpSignal.Traces ? "/v1/traces" : "/v1/metrics");
        return url.Uri;
    }
}
