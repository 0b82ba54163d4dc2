using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Observe.Agent.Status;
using Observe.Collectors;

namespace Observe.Agent.Http;

/// <summary>
/// <c>/readyz</c>: 200 if the agent does what it is there for, 503 if not, with the reasons either way; JSON if asked for.
/// </summary>
/// <param name="status">How the agent fares.</param>
public sealed class ReadinessEndpoint(AgentStatus status) : IHttpEndpoint
{
    /// <inheritdoc/>
    public string Path => "/readyz";

    /// <inheritdoc/>
    public Task HandleAsync(HttpContext context)
    {
        var report = status.Report();
        var code = report.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.Vary = HeaderNames.Accept;
        return WantsJson(context.Request)
            ? TextResponse.WriteAsync(context, code, JsonSerializer.Serialize(report, StatusJson.Default.StatusReport) + "\n", "application/json")
            : TextResponse.WriteAsync(context, code, Text(report));
    }

    private static bool WantsJson(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
            return false;
        // Text for */*: that is curl, and a person behind it.
        return accepted
            .OrderByDescending(each => each.Quality ?? 1)
            .Select(each => each.MediaType.Value)
            .FirstOrDefault(each => each is "application/json" or "text/plain" or "text/*" or "*/*") == "application/json";
    }

    private static string Text(StatusReport report)
    {
        var wrong = report.Components.Where(each => each.Level is StatusLevel.Degraded or StatusLevel.Failed).ToList();
        var head = report.Ready ? "ready\n" : "not ready\n";
        return wrong.Count == 0 ? head : head + StatusTable.Format(wrong);
    }
}
