namespace Observe.Collectors.Stalls;

/// <summary>What kept a thread from running.</summary>
public enum StallKind
{
    /// <summary>Runnable, not running, not throttled.</summary>
    Wait,

    /// <summary>Kept off by a CPU quota, its own or an ancestor's.</summary>
    Throttle,

    /// <summary>In uninterruptible sleep (D).</summary>
    Blocked,

    /// <summary>A vCPU's exit, from leaving the guest to entering it again.</summary>
    Exit,

    /// <summary>Stopped by a signal, or by a debugger.</summary>
    Stopped,
}
