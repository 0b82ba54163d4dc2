namespace Observe.Collectors.VCenter.Events;

/// <summary>What is wanted of a vCenter's events.</summary>
/// <param name="Name">The vCenter's name: the label <c>vcenter</c>.</param>
/// <param name="StateDirectory">Where the agent keeps what outlives it; null: nowhere.</param>
internal sealed record EventOptions(string Name, string? StateDirectory)
{
    /// <summary>How far back is read at the first start, when there is no checkpoint.</summary>
    public TimeSpan LookBack { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How far back is read again each time: events may appear by so much after those that were made after them.</summary>
    public TimeSpan Overlap { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two readings where the server does not say that there is news.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Between two readings of what may have appeared among older events, while there are new ones: three to the overlap.</summary>
    public TimeSpan Sweep => Overlap / 3;

    /// <summary>The same when nothing happens: what is behind is a server's clock that was set back, or a collector that stands still.</summary>
    public TimeSpan IdleSweep { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Between two readings of tasks while some are under way.</summary>
    public TimeSpan TaskPoll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The same when none are: the event of a new one asks for a reading at once.</summary>
    public TimeSpan IdleTaskPoll { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two writings of the checkpoint, at least.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(1);
}
