using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Export.Otlp;

public sealed partial record OtlpOptions
{
    /// <summary>Options from the <c>otlp</c> section of the configuration; what it leaves open has its default.</summary>
    /// <param name="file">The section, validated.</param>
    public static OtlpOptions FromFile(OtlpFileOptions file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var defaults = new OtlpOptions();
        return defaults with
        {
            Endpoint = file.Endpoint,
            Protocol = file.Protocol == "grpc" ? OtlpProtocol.Grpc : defaults.Protocol,
            Interval = file.Interval ?? defaults.Interval,
            Timeout = file.Timeout ?? defaults.Timeout,
            Compression = file.Compression == "gzip" ? OtlpCompression.Gzip : defaults.Compression,
            Headers = file.Headers is { } headers ? [.. headers] : defaults.Headers,
            CertificateFile = file.Certificate,
            ClientCertificateFile = file.ClientCertificate,
            ClientKeyFile = file.ClientKey,
        };
    }

    /// <summary>Options of the traces: those of the metrics, but for what the <c>traces</c> section says otherwise.</summary>
    /// <param name="file">The <c>otlp</c> section, validated.</param>
    /// <param name="traces">The <c>traces</c> section, validated.</param>
    public static OtlpOptions FromFile(OtlpFileOptions file, TracesOptions traces)
    {
        ArgumentNullException.ThrowIfNull(traces);
        var shared = FromFile(file);
        return shared with { Signal = OtlpSignal.Traces, Endpoint = traces.Endpoint ?? shared.Endpoint, Disabled = !traces.Enabled };
    }
}
