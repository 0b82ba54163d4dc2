using System.Globalization;

namespace Observe.Agent.Export.Otlp;

/// <summary>Reads the standard variables, one method a type of value; complains about each bad value once and goes on.</summary>
internal sealed class OtlpEnvironment(Func<string, string?> environment, IList<string> errors, OtlpSignal signal = OtlpSignal.Metrics)
{
    /// <summary>Longest time of any kind: what timers take (2^31 ms).</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(24);

    private readonly HashSet<string> complained = new(StringComparer.Ordinal);

    private readonly string name = signal == OtlpSignal.Traces ? "TRACES" : "METRICS";

    /// <summary>What <c>OTEL_METRICS_EXPORTER</c> or <c>OTEL_TRACES_EXPORTER</c> asks for.</summary>
    public enum Exporter
    {
        /// <summary>Not set.</summary>
        Unset,

        /// <summary>OTLP, by name.</summary>
        Otlp,

        /// <summary>Anything but OTLP.</summary>
        Other,
    }

    /// <summary>The two variables of an exporter option, the one for this signal first.</summary>
    public string[] ForSignal(string option) => [$"OTEL_EXPORTER_OTLP_{name}_{option}", $"OTEL_EXPORTER_OTLP_{option}"];

    public bool IsSet(string name) => Get(name) is not null;

    public string? Text(params string[] names) => Find(names)?.Value;

    public bool Flag(string name)
    {
        if (Get(name) is not { } value)
            return false;
        if (value.Equals("true", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!value.Equals("false", StringComparison.OrdinalIgnoreCase))
            Complain(name, $"'{value}' is not a boolean: use true or false");
        return false;
    }

    public Exporter ExporterOfSignal()
    {
        var variable = $"OTEL_{name}_EXPORTER";
        if (Get(variable) is not { } value)
            return Exporter.Unset;
        var exporters = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var exporter in exporters)
        {
            // Prometheus is always there, as its own endpoint.
            if (exporter is not ("otlp" or "none") && (exporter != "prometheus" || signal != OtlpSignal.Metrics))
                Complain(variable, $"'{exporter}' is not supported: use otlp{(signal == OtlpSignal.Metrics ? ", prometheus" : "")} or none");
        }
        if (exporters.Contains("none") && exporters.Length > 1)
            Complain(variable, $"'{value}': none cannot be combined with other exporters");
        return exporters.Contains("otlp") ? Exporter.Otlp : Exporter.Other;
    }

    public OtlpProtocol? Protocol()
    {
        if (Find(ForSignal("PROTOCOL")) is not { } found)
            return null;
        switch (found.Value)
        {
            case "http/protobuf":
                return OtlpProtocol.HttpProtobuf;
            case "grpc":
                return OtlpProtocol.Grpc;
            default:
                Complain(found.Name, $"'{found.Value}' is not supported: use http/protobuf or grpc");
                return null;
        }
    }

    public OtlpCompression? Compression()
    {
        if (Find(ForSignal("COMPRESSION")) is not { } found)
            return null;
        switch (found.Value)
        {
            case "none":
                return OtlpCompression.None;
            case "gzip":
                return OtlpCompression.Gzip;
            default:
                Complain(found.Name, $"'{found.Value}' is not supported: use gzip or none");
                return null;
        }
    }

    public Uri? Endpoint(string name, OtlpProtocol protocol)
    {
        if (Get(name) is not { } value)
            return null;
        // gRPC targets may come without a scheme; then the INSECURE variables decide, and they default to TLS.
        if (protocol == OtlpProtocol.Grpc && !value.Contains("://", StringComparison.Ordinal))
            value = (Insecure() ? "http://" : "https://") + value;
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            Complain(name, $"not an absolute URL: write it as {(protocol == OtlpProtocol.Grpc ? "http://host:4317" : "http://host:4318")}");
            return null;
        }
        if (Complaint(uri, protocol) is not { } complaint)
            return uri;
        Complain(name, complaint);
        return null;
    }

    /// <summary>What is wrong with an endpoint; null if nothing is.</summary>
    public static string? Complaint(Uri endpoint, OtlpProtocol protocol) => endpoint switch
    {
        { IsAbsoluteUri: false } => "is not an absolute URL: write it as http://host:4318",
        { Scheme: not ("http" or "https") } => $"scheme '{endpoint.Scheme}' is not supported: use http or https",
        { UserInfo.Length: > 0 } => "has credentials in the URL, which would not be sent: put them into the headers (OTEL_EXPORTER_OTLP_HEADERS)",
        _ when protocol == OtlpProtocol.Grpc && endpoint.PathAndQuery != "/" => "has a path, which has no meaning over grpc: remove it, or set the protocol to http/protobuf",
        _ => null,
    };

    public IReadOnlyList<KeyValuePair<string, string>>? Headers()
    {
        if (Find(ForSignal("HEADERS")) is not { } found)
            return null;
        var headers = OtlpHeaders.Parse(found.Value, out var complaints);
        foreach (var complaint in complaints)
            Complain(found.Name, complaint);
        foreach (var (name, value) in headers)
        {
            if (OtlpHeaders.Complaint(name, value) is { } complaint)
                Complain(found.Name, complaint);
        }
        return complained.Contains(found.Name) ? [] : headers;
    }

    public IReadOnlyList<KeyValuePair<string, string>>? ResourceAttributes()
    {
        const string name = "OTEL_RESOURCE_ATTRIBUTES";
        if (Get(name) is not { } value)
            return null;
        var attributes = OtlpHeaders.Parse(value, out var complaints);
        foreach (var complaint in complaints)
            Complain(name, complaint);
        // The specification: on any error the whole value is discarded.
        return complaints.Count > 0 ? [] : attributes;
    }

    /// <summary>A timeout in ms; 0 means no limit.</summary>
    public TimeSpan? Timeout(params string[] names) => Find(names) is not { } found ? null
        : Milliseconds(found) switch
        {
            null => null,
            { Ticks: 0 } => System.Threading.Timeout.InfiniteTimeSpan,
            var time => time,
        };

    public TimeSpan? Interval(string name)
    {
        if (Find([name]) is not { } found || Milliseconds(found) is not { } time)
            return null;
        if (time > TimeSpan.Zero)
            return time;
        Complain(name, "'0' is not an interval: use a number of milliseconds of at least 1");
        return null;
    }

    private TimeSpan? Milliseconds((string Name, string Value) found)
    {
        if (long.TryParse(found.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= LongestTime.TotalMilliseconds)
            return TimeSpan.FromMilliseconds(ms);
        Complain(found.Name, $"'{found.Value}' is not a time: use a whole number of milliseconds from 0 to {LongestTime.TotalMilliseconds:0}");
        return null;
    }

    private bool Insecure()
    {
        foreach (var name in ForSignal("INSECURE"))
        {
            if (IsSet(name))
                return Flag(name);
        }
        return false;
    }

    private (string Name, string Value)? Find(string[] names)
    {
        foreach (var name in names)
        {
            if (Get(name) is { } value)
                return (name, value);
        }
        return null;
    }

    private string? Get(string name) => environment(name)?.Trim() is { Length: > 0 } value ? value : null;

    // Some variables are read twice; one complaint each is enough.
    private void Complain(string name, string complaint)
    {
        complained.Add(name);
        var line = $"{name}: {complaint}";
        if (!errors.Contains(line))
            errors.Add(line);
    }
}
