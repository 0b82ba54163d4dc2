using System.Reflection;
using Microsoft.AspNetCore.Http;
using Observe.Agent.Http;

namespace Observe.Agent.Live.Page;

/// <summary>A file of the page, embedded in the agent. A browser keeps it, and asks whether it is still the same.</summary>
public sealed class PageAsset : IHttpEndpoint
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private const string Prefix = "live/";

    /// <summary>Another build's is another, and its files may be.</summary>
    private static readonly string Tag = $"\"{Assembly.GetExecutingAssembly().ManifestModule.ModuleVersionId:n}\"";

    private readonly string type;
    private readonly Lazy<byte[]> content;

    private PageAsset(string name)
    {
        Path = $"/{name}";
        type = Types[System.IO.Path.GetExtension(name)];
        content = new(() => Read(name));
    }

    /// <summary>All there are.</summary>
    public static IReadOnlyList<PageAsset> All { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(each => each.StartsWith(Prefix, StringComparison.Ordinal)).Select(each => new PageAsset(each))];

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var bytes = content.Value;
        var response = context.Response;
        BrowserHeaders.Set(response);
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = Tag;
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(Tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = type;
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
