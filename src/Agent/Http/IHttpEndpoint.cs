using Microsoft.AspNetCore.Http;

namespace Observe.Agent.Http;

/// <summary>What is served under one path, for GET and HEAD.</summary>
public interface IHttpEndpoint
{
    /// <summary>The path, exactly.</summary>
    string Path { get; }

    /// <summary>Answers. For HEAD the server drops the body; what would be costly to compute for nothing may be left out.</summary>
    /// <param name="context">Request and response.</param>
    Task HandleAsync(HttpContext context);
}
