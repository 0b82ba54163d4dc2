namespace Observe.Agent.Configuration.Options;

/// <summary>
/// The <c>otlp</c> section as configured: null where nothing was said, so that the standard <c>OTEL_*</c> variables and the
/// exporter's defaults can fill the gaps.
/// </summary>
public sealed record OtlpFileOptions
{
    /// <summary>Base URL of the receiver; export is off without one.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary><c>http/protobuf</c> or <c>grpc</c>.</summary>
    public string? Protocol { get; init; }

    /// <summary>Time between exports.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>How long one attempt to push may take.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary><c>gzip</c> or <c>none</c>.</summary>
    public string? Compression { get; init; }

    /// <summary>Headers of every request; secret. Null if none were configured.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>File with further headers, an absolute path or the name of a systemd credential.</summary>
    public string? HeadersFile { get; init; }

    /// <summary>PEM file of the certificate authorities that the receiver's certificate is checked against.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file of the client's certificate chain.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>PEM file of the client's private key.</summary>
    public string? ClientKey { get; init; }

    /// <summary>The most values with times of their own that wait for a receiver that is down.</summary>
    public int? MaxSamples { get; init; }
}
