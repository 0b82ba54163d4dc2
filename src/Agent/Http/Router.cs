using Microsoft.AspNetCore.Http;

namespace Observe.Agent.Http;

/// <summary>Finds the endpoint of a request. Four fixed paths need no routing framework.</summary>
/// <param name="endpoints">All endpoints.</param>
internal sealed class Router(IEnumerable<IHttpEndpoint> endpoints)
{
    private readonly Dictionary<string, IHttpEndpoint> byPath = endpoints.ToDictionary(each => each.Path, StringComparer.Ordinal);

    public Task HandleAsync(HttpContext context)
    {
        if (!byPath.TryGetValue(context.Request.Path.Value ?? "", out var endpoint))
        {
            return TextResponse.WriteAsync(context, StatusCodes.Status404NotFound, $"not found; there are {string.Join(", ", byPath.Keys)}\n");
        }
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            return endpoint.HandleAsync(context);
        context.Response.Headers.Allow = "GET, HEAD";
        return TextResponse.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "only GET and HEAD are allowed\n");
    }
}
