namespace Observe.Collectors.Stalls;

/// <summary>Which stalls are told, and how many.</summary>
public sealed record StallOptions
{
    /// <summary>Whether stalls are watched, and waits put down to who caused them.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Waits from this on are put down to who ran meanwhile. Not longer than <see cref="Wait"/>: a stall is told with its culprits.</summary>
    public TimeSpan Blame { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Waits from this on are stalls.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Throttled spells from this on are stalls.</summary>
    public TimeSpan Throttle { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Uninterruptible sleeps from this on are stalls.</summary>
    public TimeSpan Blocked { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Exits of vCPUs whose handling takes this CPU time are stalls.</summary>
    public TimeSpan Exit { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Spells of being stopped by a signal or a debugger from this on are stalls.</summary>
    public TimeSpan Stopped { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Stalls a second that are told of all workloads together; of one workload's cgroup a fifth of it.</summary>
    public int PerSecond { get; init; } = 50;

    /// <summary>Workloads that are named, for each workload, as those that made it wait; the rest are summed up as other.</summary>
    public int Culprits { get; init; } = 8;

    /// <summary>The threshold of a kind.</summary>
    /// <param name="kind">Which.</param>
    public TimeSpan Of(StallKind kind) => kind switch
    {
        StallKind.Wait => Wait,
        StallKind.Throttle => Throttle,
        StallKind.Blocked => Blocked,
        StallKind.Exit => Exit,
        StallKind.Stopped => Stopped,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of stall"),
    };

    /// <summary>The threshold of a kind, ns.</summary>
    internal ulong NanosecondsOf(StallKind kind) => (ulong)Of(kind).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Below this, ns, the ledger has nothing to do for any kind of stall.</summary>
    internal ulong LeastNanoseconds => Math.Min(BlameNanoseconds, Math.Min(NanosecondsOf(StallKind.Throttle), Math.Min(NanosecondsOf(StallKind.Blocked), NanosecondsOf(StallKind.Stopped))));

    /// <summary>From where on waits are blamed, ns: what is told has its culprits, so not above the threshold of waits.</summary>
    internal ulong BlameNanoseconds => (ulong)Math.Min(Blame.Ticks, Wait.Ticks) * TimeSpan.NanosecondsPerTick;
}
