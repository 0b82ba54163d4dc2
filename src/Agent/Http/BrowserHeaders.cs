using Microsoft.AspNetCore.Http;

namespace Observe.Agent.Http;

/// <summary>What is said to browsers, so that nothing a workload is called and no other site can do anything here.</summary>
internal static class BrowserHeaders
{
    /// <summary>From here alone, and no inline script or style: what is not named is forbidden.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    /// <summary>Sets them. There are none that allow other sites anything.</summary>
    /// <param name="response">Before its first byte.</param>
    public static void Set(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
