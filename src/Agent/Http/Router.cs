using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Observe.Agent.Http;

/// <summary>Finds the endpoint of a request. A few fixed paths need no routing framework.</summary>
/// <param name="endpoints">All endpoints.</param>
/// <param name="logger">Where requests that failed are logged.</param>
public sealed partial class Router(IEnumerable<IHttpEndpoint> endpoints, ILogger<Router> logger)
{
    private readonly Dictionary<string, IHttpEndpoint> byPath = endpoints.ToDictionary(each => each.Path, StringComparer.Ordinal);

    /// <summary>Answers a request.</summary>
    /// <param name="context">Request and response.</param>
    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            await AnswerAsync(context).ConfigureAwait(false);
        }
        catch (Exception error) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone, and its wishes with it.
            Log.Abandoned(logger, context.Request.Path, error.Message);
        }
        catch (Exception error)
        {
            // Here and not in the server, whose line would carry a connection number and so never look like a repetition.
            Log.Failed(logger, error, context.Request.Path);
            if (context.Response.HasStarted)
                context.Abort();
            else
                await TextResponse.WriteAsync(context, StatusCodes.Status500InternalServerError, "the request failed; see the agent's log\n").ConfigureAwait(false);
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (!byPath.TryGetValue(context.Request.Path.Value ?? "", out var endpoint))
            return TextResponse.WriteAsync(context, StatusCodes.Status404NotFound, $"not found; there are {string.Join(", ", byPath.Keys)}\n");
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            return endpoint.HandleAsync(context);
        context.Response.Headers.Allow = "GET, HEAD";
        return TextResponse.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "only GET and HEAD are allowed\n");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "request {Path} failed", EventName = "RequestFailed")]
        public static partial void Failed(ILogger logger, Exception error, string? path);

        [LoggerMessage(2, LogLevel.Debug, "request {Path} abandoned by the client: {Reason}", EventName = "RequestAbandoned")]
        public static partial void Abandoned(ILogger logger, string? path, string reason);
    }
}
