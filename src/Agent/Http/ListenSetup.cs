using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Http;

/// <summary>Where the server listens, and the bounds on what strangers can make it hold.</summary>
internal static class ListenSetup
{
    /// <summary>Two Prometheus servers, probes and people keep a handful open.</summary>
    private const long MostConnections = 64;

    /// <summary>Bytes of request headers; Prometheus sends about 500.</summary>
    private const int MostHeaderBytes = 16 * 1024;

    private const int MostHeaders = 64;

    /// <summary>Bytes of the request line; the longest sensible one is that of <c>/metrics</c>.</summary>
    private const int MostLineBytes = 4 * 1024;

    /// <summary>Bytes of request bodies; nothing here reads one.</summary>
    private const long MostBodyBytes = 4 * 1024;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public static void Configure(KestrelServerOptions server, IReadOnlyList<ListenAddress> addresses)
    {
        server.AddServerHeader = false;
        server.Limits.MaxConcurrentConnections = MostConnections;
        server.Limits.MaxConcurrentUpgradedConnections = 0;
        server.Limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
        server.Limits.MaxRequestHeaderCount = MostHeaders;
        server.Limits.MaxRequestLineSize = MostLineBytes;
        server.Limits.MaxRequestBodySize = MostBodyBytes;
        server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        // Longer than the usual scrape interval of a minute, so that scrapers keep their connection.
        server.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
        server.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, Grace);
        server.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 4096, Grace);
        foreach (var address in addresses)
            Listen(server, address);
    }

    private static void Listen(KestrelServerOptions server, ListenAddress address)
    {
        switch (address)
        {
            case { IsUnix: true }:
                UnixSocketFile.RemoveStale(address.Host);
                server.ListenUnixSocket(address.Host, Http1);
                break;
            case { Host: "*" }:
                server.ListenAnyIP(address.Port, Http1);
                break;
            case { Host: "localhost", Port: 0 }: // Kestrel cannot take one free port of two addresses
                server.Listen(IPAddress.Loopback, 0, Http1);
                break;
            case { Host: "localhost" }:
                server.ListenLocalhost(address.Port, Http1);
                break;
            default:
                server.Listen(IPAddress.Parse(address.Host), address.Port, Http1);
                break;
        }
    }

    private static void Http1(ListenOptions options) => options.Protocols = HttpProtocols.Http1;
}
