namespace Observe.Collectors.Sched;

/// <summary>How the time in which a CPU quota keeps a thread off is told from waiting (docs/kernels.md).</summary>
public enum ThrottleMethod
{
    /// <summary>The best the running kernel has.</summary>
    Auto,

    /// <summary>The mark on each throttled thread and the group's own clock: 6.18 and later.</summary>
    Task,

    /// <summary>The group's own clock and a snapshot of it at each wakeup: 6.6 to 6.17.</summary>
    Clock,

    /// <summary>fentry programs on throttling itself, and snapshots at wakeup: where the kernel has no such clock.</summary>
    Fentry,

    /// <summary>The same by kprobes, where fentry is refused.</summary>
    Kprobe,

    /// <summary>Not at all: throttled time is part of waiting and not exported of its own.</summary>
    Off,
}
