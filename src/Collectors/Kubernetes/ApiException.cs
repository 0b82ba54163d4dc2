namespace Observe.Collectors.Kubernetes;

/// <summary>The API server was not reached, or did not do what was asked.</summary>
/// <param name="reason">What failed, on what and why. Never holds the token.</param>
/// <param name="remedy">What to do.</param>
internal sealed class ApiException(string reason, string remedy) : Exception(reason)
{
    /// <summary>What to do about it.</summary>
    public string Remedy { get; } = remedy;

    /// <summary>Least pause before the next attempt; null if it may come as usual.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether a watch can go on from where it was; else everything is to be listed again.</summary>
    public bool CanResume { get; init; } = true;

    /// <summary>Whether the state that was asked for is only too old: all is well, and everything is to be listed again.</summary>
    public bool IsExpired { get; init; }
}
