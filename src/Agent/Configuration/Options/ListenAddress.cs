using System.Globalization;
using System.Net;

namespace Observe.Agent.Configuration.Options;

/// <summary>Where to listen: an IP address and port, or a unix socket.</summary>
/// <param name="Host">An IP address, <c>localhost</c>, <c>*</c> for all addresses, or the absolute path of a unix socket.</param>
/// <param name="Port">1 to 65535, 0 for any free one; -1 for a unix socket.</param>
public sealed record ListenAddress(string Host, int Port)
{
    private const string UnixScheme = "unix:";
    private const int NoPort = -1;

    /// <summary>Longest path that fits <c>sockaddr_un</c>: 108 bytes with the closing zero.</summary>
    private const int MaxUnixPath = 107;

    /// <summary>True for a unix socket.</summary>
    public bool IsUnix => Port == NoPort;

    /// <summary>Reads <c>host:port</c>, <c>[ipv6]:port</c>, <c>:port</c> or <c>unix:/path</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address, if it is one.</param>
    /// <returns>True if it is one.</returns>
    public static bool TryParse(string text, out ListenAddress? address)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = null;
        if (text.StartsWith(UnixScheme, StringComparison.Ordinal))
        {
            var path = text[UnixScheme.Length..];
            if (path.StartsWith('/') && path.Length is > 1 and <= MaxUnixPath)
                address = new ListenAddress(path, NoPort);
            return address is not null;
        }
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;
        var host = text[..colon];
        if (host.Length == 0)
            host = "*";
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal))
            return false; // an IPv6 address without brackets: where its port begins is a guess
        if (host is not ("*" or "localhost") && !IsPlainAddress(host))
            return false;
        address = new ListenAddress(host, port);
        return true;
    }

    /// <summary>As it is written in the configuration.</summary>
    public override string ToString() => IsUnix
        ? UnixScheme + Host
        : string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    // IPAddress.Parse takes "1" for 0.0.0.1; nobody who writes that means it.
    private static bool IsPlainAddress(string host) =>
        IPAddress.TryParse(host, out _) && (host.Contains(':', StringComparison.Ordinal) || host.Count(each => each == '.') == 3);
}
