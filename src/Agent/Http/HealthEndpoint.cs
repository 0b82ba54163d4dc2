using Microsoft.AspNetCore.Http;
using Observe.Agent.Status;

namespace Observe.Agent.Http;

/// <summary><c>/healthz</c>: 200 unless the process should be restarted.</summary>
/// <param name="status">How the agent fares.</param>
public sealed class HealthEndpoint(AgentStatus status) : IHttpEndpoint
{
    /// <inheritdoc/>
    public string Path => "/healthz";

    /// <inheritdoc/>
    public Task HandleAsync(HttpContext context) => status.WhyUnhealthy is { } why
        ? TextResponse.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, $"unhealthy: {why}\n")
        : TextResponse.WriteAsync(context, StatusCodes.Status200OK, "ok\n");
}
