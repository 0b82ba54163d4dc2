using System.Text;
using Microsoft.AspNetCore.Http;

namespace Observe.Agent.Http;

/// <summary>Short answers.</summary>
internal static class TextResponse
{
    public const string PlainText = "text/plain; charset=utf-8";

    /// <summary>Writes a whole answer that no cache may keep.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string body, string contentType = PlainText)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }
}
