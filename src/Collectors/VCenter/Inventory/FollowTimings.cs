namespace Observe.Collectors.VCenter.Inventory;

/// <summary>How often a server is asked for changes, and how long things may take.</summary>
internal sealed record FollowTimings
{
    /// <summary>How long the server may hold an answer back while nothing changes: less than proxies allow a quiet connection.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Pause after each answer but a truncated one. What changes meanwhile comes as one: the server keeps the last value only.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Everything is asked for anew after this long: for properties of which the server need not say that they changed. Null: never.</summary>
    public TimeSpan? RenewAfter { get; init; }

    /// <summary>Objects in one answer: about 2 MB of XML with what is asked of a VM.</summary>
    public int MaxObjects { get; init; } = 500;

    /// <summary>First pause after a failure.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause after failures.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long giving up what was made on the server may take at the end.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(5);
}
