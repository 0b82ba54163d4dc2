namespace Observe.Collectors.Traces;

/// <summary>How long is waited before something is taken for decided.</summary>
public sealed record TraceTimings
{
    /// <summary>
    /// After the last word of something that is over, before it is exported: what is late may still amend it. As long as the timeline waits
    /// for a late source.
    /// </summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>
    /// How long what happened on this host waits for the end of an operation that it may lie in. Longer, and it is linked: to stand in
    /// an operation it would have to be certain that this went on.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>After an operation's last event, if tasks of it are said to be under way that nobody has told the end of.</summary>
    public TimeSpan TaskPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>After the last word of an operation whose end is not told: as long as any is let go on.</summary>
    public TimeSpan LongestOperation { get; init; } = TimeSpan.FromHours(24);

    /// <summary>From a container's end, how long it may take to be started again by itself: an engine waits 0.1 s, then twice that, at most a minute.</summary>
    public TimeSpan RestartWithin { get; init; } = TimeSpan.FromSeconds(70);

    /// <summary>From a container's first end, how long is waited for another start before it is exported without one.</summary>
    public TimeSpan RestartHold { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A container that runs for so long has come out of its restarts.</summary>
    public TimeSpan Recovered { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A container that runs for so long has its parts exported, and cannot be put inside anything any more.</summary>
    public TimeSpan Commit { get; init; } = TimeSpan.FromMinutes(10);
}
