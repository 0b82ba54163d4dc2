using System.Net;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>What came is not an answer of the API.</summary>
/// <param name="status">Its status.</param>
/// <param name="what">What is wrong with it; null if the status says it.</param>
/// <param name="excerpt">Its first words, fit for a log; empty if there are none.</param>
internal sealed class NotAnAnswerException(HttpStatusCode status, string? what, string excerpt) : Exception(what ?? $"HTTP status {(int)status}")
{
    /// <summary>Its status.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>What is wrong with it.</summary>
    public string What { get; } = what is null ? $"HTTP status {(int)status}" : status == HttpStatusCode.OK ? $"something that is {what}" : $"HTTP status {(int)status} and something that is {what}";

    /// <summary>Its first words.</summary>
    public string Excerpt { get; } = excerpt;
}
