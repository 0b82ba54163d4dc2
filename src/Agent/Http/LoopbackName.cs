using System.Net;
using Microsoft.AspNetCore.Http;

namespace Observe.Agent.Http;

/// <summary>
/// Refuses what comes over loopback under a foreign name. A page of another site can make a name of its own point at 127.0.0.1 (DNS
/// rebinding): for the browser that asks, the answer would be the site's.
/// </summary>
internal static class LoopbackName
{
    /// <summary>Whether a request is to be refused.</summary>
    /// <param name="context">The request.</param>
    public static bool IsForeign(HttpContext context) =>
        context.Connection.LocalIpAddress is { } address && IPAddress.IsLoopback(address) && !IsOwn(context.Request.Host.Host);

    /// <summary>Answers one.</summary>
    /// <param name="context">The request.</param>
    public static Task RefuseAsync(HttpContext context) => TextResponse.WriteAsync(
        context, StatusCodes.Status421MisdirectedRequest,
        "over loopback this is answered under an address, localhost or this host's name only, so that no other site's page can read it by DNS rebinding; a proxy has to set Host: localhost\n");

    /// <summary>An address cannot be made to point elsewhere, and these names are nobody else's. HTTP/1.0 may name none.</summary>
    private static bool IsOwn(string host) =>
        host.Length == 0
        || IPAddress.TryParse(host, out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase);
}
