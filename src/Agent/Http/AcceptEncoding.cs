using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Observe.Agent.Http;

/// <summary>Reads <c>Accept-Encoding</c> (RFC 9110, 12.5.3).</summary>
internal static class AcceptEncoding
{
    /// <summary>True if the client takes gzip, by name or as <c>*</c>, with a quality above 0; its own name counts before <c>*</c>.</summary>
    public static bool AllowsGzip(StringValues header)
    {
        if (!StringWithQualityHeaderValue.TryParseList(header, out var accepted))
            return false;
        var named = accepted.FirstOrDefault(each => each.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase));
        named ??= accepted.FirstOrDefault(each => each.Value.Equals("*", StringComparison.Ordinal));
        return named is not null && named.Quality is not 0;
    }
}
