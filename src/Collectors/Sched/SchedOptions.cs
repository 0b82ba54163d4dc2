using Observe.Collectors.Stalls;

namespace Observe.Collectors.Sched;

/// <summary>The scheduler ledger's options.</summary>
public sealed record SchedOptions
{
    /// <summary>Whether it runs.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Accounts in the kernel, one a cgroup; 0 sizes them from the host.</summary>
    public int Slots { get; init; }

    /// <summary>Threads that are found the fast way, rounded up to a power of two; 0 sizes it from the host. More than that are followed too, at some more cost.</summary>
    public int Tasks { get; init; }

    /// <summary>How throttled time is told from waiting.</summary>
    public ThrottleMethod Throttle { get; init; } = ThrottleMethod.Auto;

    /// <summary>Which stalls are told.</summary>
    public StallOptions Stalls { get; init; } = new();
}
