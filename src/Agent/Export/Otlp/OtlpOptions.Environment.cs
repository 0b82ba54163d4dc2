namespace Observe.Agent.Export.Otlp;

public sealed partial record OtlpOptions
{
    /// <summary>
    /// Options from the standard variables, which come before the file's: first the one for the signal, then the one for all signals. A
    /// variable that is empty counts as not set. See the OpenTelemetry specification: "OpenTelemetry Protocol Exporter"
    /// and "Environment Variable Specification".
    /// </summary>
    /// <param name="fileOptions">What the configuration file says, or the defaults.</param>
    /// <param name="environment">Looks a variable up; null if it is not set.</param>
    /// <param name="errors">Takes one line for each invalid value; none of them quotes a header's value.</param>
    /// <returns>The options; usable only if nothing was added to <paramref name="errors"/>. They are for the signal that the file's are for.</returns>
    public static OtlpOptions FromEnvironment(OtlpOptions fileOptions, Func<string, string?> environment, IList<string> errors)
    {
        ArgumentNullException.ThrowIfNull(fileOptions);
        var read = new OtlpEnvironment(environment, errors, fileOptions.Signal);
        var protocol = read.Protocol() ?? fileOptions.Protocol;
        var resource = read.ResourceAttributes();
        var options = fileOptions with
        {
            Protocol = protocol,
            Endpoint = read.Endpoint("OTEL_EXPORTER_OTLP_ENDPOINT", protocol) ?? fileOptions.Endpoint,
            // A general variable comes before the file, its endpoint for the signal included.
            SignalEndpoint = read.Endpoint(read.ForSignal("ENDPOINT")[0], protocol) ?? (read.IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") ? null : fileOptions.SignalEndpoint),
            Disabled = fileOptions.Disabled || read.Flag("OTEL_SDK_DISABLED") || read.ExporterOfSignal() == OtlpEnvironment.Exporter.Other,
            Compression = read.Compression() ?? fileOptions.Compression,
            Headers = read.Headers() ?? fileOptions.Headers,
            Timeout = read.Timeout(read.ForSignal("TIMEOUT")) ?? fileOptions.Timeout,
            Interval = read.Interval("OTEL_METRIC_EXPORT_INTERVAL") ?? fileOptions.Interval,
            ExportTimeout = read.Timeout("OTEL_METRIC_EXPORT_TIMEOUT") ?? fileOptions.ExportTimeout,
            CertificateFile = read.Text(read.ForSignal("CERTIFICATE")) ?? fileOptions.CertificateFile,
            ClientCertificateFile = read.Text(read.ForSignal("CLIENT_CERTIFICATE")) ?? fileOptions.ClientCertificateFile,
            ClientKeyFile = read.Text(read.ForSignal("CLIENT_KEY")) ?? fileOptions.ClientKeyFile,
            ResourceAttributes = resource ?? fileOptions.ResourceAttributes,
            ServiceName = read.Text("OTEL_SERVICE_NAME")
                ?? (resource?.LastOrDefault(attribute => attribute.Key == "service.name") is { Value: { Length: > 0 } name } ? name : fileOptions.ServiceName),
        };
        if (options.Target is null && read.ExporterOfSignal() == OtlpEnvironment.Exporter.Otlp)
            options = options with { Endpoint = DefaultEndpoint(protocol) };
        options.Validate(errors);
        return options;
    }

    /// <summary>Adds one line for each rule that the options break. Reads the certificate files, if anything is to be pushed.</summary>
    /// <param name="errors">Takes the lines.</param>
    public void Validate(IList<string> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        foreach (var endpoint in new[] { Endpoint, SignalEndpoint })
        {
            if (endpoint is not null && OtlpEnvironment.Complaint(endpoint, Protocol) is { } complaint)
                errors.Add($"OTLP endpoint {(endpoint.IsAbsoluteUri ? endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : "")}: {complaint}");
        }
        foreach (var (name, value) in Headers)
        {
            if (OtlpHeaders.Complaint(name, value) is { } complaint)
                errors.Add($"OTLP header {complaint}");
        }
        foreach (var (name, value) in new[] { ("timeout", Timeout), ("export timeout", ExportTimeout) })
        {
            if (value != System.Threading.Timeout.InfiniteTimeSpan && (value <= TimeSpan.Zero || value > OtlpEnvironment.LongestTime))
                errors.Add($"OTLP {name} {value}: must be more than 0 and at most {OtlpEnvironment.LongestTime.TotalDays:0} days");
        }
        if (Interval <= TimeSpan.Zero || Interval > OtlpEnvironment.LongestTime)
            errors.Add($"OTLP interval {Interval}: must be more than 0 and at most {OtlpEnvironment.LongestTime.TotalDays:0} days");
        if (MaxRequestBytes <= 0)
            errors.Add($"OTLP request bound {MaxRequestBytes}: must be more than 0 bytes");
        if (Enabled)
            OtlpTls.Validate(this, errors);
    }

    // The specification's; only used when OTLP is asked for by name.
    private static Uri DefaultEndpoint(OtlpProtocol protocol) => new(protocol == OtlpProtocol.Grpc ? "http://localhost:4317" : "http://localhost:4318");
}
