namespace Observe.Collectors.Docker;

/// <summary>Where a container engine listens.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="SocketPath">Path of its unix socket; null if it listens on TCP.</param>
/// <param name="Address">Base of its URLs.</param>
public sealed record DockerEndpoint(string Text, string? SocketPath, Uri Address)
{
    private const string UnixScheme = "unix://";

    /// <summary>Where engines listen unless told otherwise.</summary>
    public static DockerEndpoint Default { get; } = TryParse(DockerOptions.DefaultEndpoint, out var endpoint) ? endpoint! : throw new InvalidOperationException();

    /// <summary>Whether the engine is on this host, and its clock ours.</summary>
    public bool IsLocal => SocketPath is not null;

    /// <summary>Reads <c>unix:///path</c>, <c>tcp://host:2375</c>, <c>http://host:2375</c> or <c>https://host:2376</c>; tcp is TLS on port 2376, as it is for the engine's own client.</summary>
    /// <param name="text">The text.</param>
    /// <param name="endpoint">The endpoint, if it is one.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string text, out DockerEndpoint? endpoint)
    {
        ArgumentNullException.ThrowIfNull(text);
        const int TlsPort = 2376;
        endpoint = null;
        if (text.StartsWith(UnixScheme, StringComparison.Ordinal))
        {
            var path = text[UnixScheme.Length..];
            if (path.StartsWith('/') && path.Length > 1)
                endpoint = new DockerEndpoint(text, path, new Uri("http://localhost"));
        }
        else if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "tcp" or "http" or "https", Host.Length: > 0, AbsolutePath: "/" or "" })
        {
            var scheme = url.Scheme == "tcp" ? (url.Port == TlsPort ? "https" : "http") : url.Scheme;
            endpoint = new DockerEndpoint(text, null, new UriBuilder(scheme, url.Host, url.Port < 0 ? TlsPort - 1 : url.Port).Uri);
        }
        return endpoint is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
