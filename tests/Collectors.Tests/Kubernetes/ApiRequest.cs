namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>A request as the API server took it.</summary>
internal sealed record ApiRequest(string Verb, string? Version, bool IsNextPage, string? Token)
{
    /// <summary>Status of the answer; 0 if there was none so far.</summary>
    public int Code { get; set; }
}
