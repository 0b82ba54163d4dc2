namespace Observe.Agent.Configuration.Options;

/// <summary>How throttled time is told from waiting for a CPU.</summary>
public enum ThrottleMethod
{
    /// <summary>The first of the others that this kernel supports.</summary>
    Auto,

    /// <summary>The flag that Linux 6.18 and later keep on each throttled thread.</summary>
    Task,

    /// <summary>The clock that Linux 6.6 and later keep on each throttled run queue.</summary>
    Clock,

    /// <summary>Trampolines on the kernel's throttle functions.</summary>
    Fentry,

    /// <summary>Breakpoints on the kernel's throttle functions.</summary>
    Kprobe,

    /// <summary>Not at all: throttled time is unknown and part of waiting, and reported as such.</summary>
    Off,
}
