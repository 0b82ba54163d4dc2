using System.Net;

namespace Observe.Collectors.Docker.Api;

/// <summary>The engine did not do what it was asked.</summary>
/// <param name="message">What failed, on what, and why.</param>
/// <param name="status">Its answer; null if there was none.</param>
/// <param name="inner">What lies beneath.</param>
internal sealed class DockerException(string message, HttpStatusCode? status = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The engine's answer; null if there was none.</summary>
    public HttpStatusCode? Status { get; } = status;

    /// <summary>Whether what it was asked about is not there, or not any more.</summary>
    public bool IsGone => Status == HttpStatusCode.NotFound;
}
