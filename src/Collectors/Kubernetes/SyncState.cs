namespace Observe.Collectors.Kubernetes;

/// <summary>How well the pods are known. Replaced as a whole.</summary>
internal sealed record SyncState
{
    /// <summary>Pods known; null before the first list.</summary>
    public int? Pods { get; init; }

    /// <summary>When the API server last confirmed or changed what is known; null before the first list.</summary>
    public DateTimeOffset? LastSync { get; init; }

    /// <summary>Whether a watch stands, or stood until just now.</summary>
    public bool Follows { get; init; }

    /// <summary>Why none stands: the last failure; null if there was none since the last one stood.</summary>
    public ApiException? Failure { get; init; }
}
