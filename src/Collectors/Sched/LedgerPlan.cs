namespace Observe.Collectors.Sched;

/// <summary>One way to run the ledger on this kernel: what is set before load and which programs are attached.</summary>
/// <param name="Throttle">How throttled time is told from waiting.</param>
/// <param name="Kprobes">With <see cref="LedgerThrottle.Hooks"/>: kprobes rather than fentry.</param>
/// <param name="TaskStorage">Task storage rather than a table by thread id.</param>
internal readonly record struct LedgerPlan(LedgerThrottle Throttle, bool Kprobes, bool TaskStorage)
{
    /// <summary>Threads that are moved between run queues in their sleep are looked for.</summary>
    public bool WatchesMigrations { get; init; }

    /// <summary>Stalls are told, and waits put down to who caused them.</summary>
    public bool Stalls { get; init; }

    /// <summary>The plans for a kernel, best first: the next is tried when the kernel refuses one.</summary>
    /// <param name="traits">What the kernel has.</param>
    /// <param name="method">What the user wants.</param>
    /// <param name="stalls">Whether stalls are wanted; not at the cost of anything else.</param>
    public static IReadOnlyList<LedgerPlan> For(KernelTraits traits, ThrottleMethod method, bool stalls = false)
    {
        (LedgerThrottle Throttle, bool Kprobes)[] throttles = method switch
        {
            ThrottleMethod.Task => [(LedgerThrottle.Task, false)],
            ThrottleMethod.Clock => [(LedgerThrottle.Clock, false)],
            ThrottleMethod.Fentry => [(LedgerThrottle.Hooks, false)],
            ThrottleMethod.Kprobe => [(LedgerThrottle.Hooks, true)],
            ThrottleMethod.Off => [],
            _ when traits.MarksThrottledTasks && traits.HasThrottleClock => [(LedgerThrottle.Task, false)],
            _ when traits.HasThrottleClock => [(LedgerThrottle.Clock, false)],
            _ when traits.HasThrottleFunctions => [(LedgerThrottle.Hooks, false), (LedgerThrottle.Hooks, true)],
            _ => [],
        };
        bool[] storages = traits.HasTaskStorage ? [true, false] : [false];
        return
        [
            .. from throttle in throttles.Append((Throttle: LedgerThrottle.Unknown, Kprobes: false))
               from storage in storages
               from told in stalls ? (bool[])[true, false] : [false]
               select new LedgerPlan(throttle.Throttle, throttle.Kprobes, storage) { WatchesMigrations = traits.DelaysDequeue, Stalls = told },
        ];
    }

    /// <summary>Whether a program of the object belongs to this plan.</summary>
    /// <param name="program">Its name in <c>ledger.bpf.c</c>.</param>
    public bool Uses(string program) => program switch
    {
        "ledger_wakeup" or "ledger_wakeup_new" => Throttle is LedgerThrottle.Clock or LedgerThrottle.Hooks,
        "ledger_migrate" => WatchesMigrations,
        "ledger_throttle_fentry" or "ledger_unthrottle_fentry" => Throttle == LedgerThrottle.Hooks && !Kprobes,
        "ledger_throttle_kprobe" or "ledger_unthrottle_kprobe" => Throttle == LedgerThrottle.Hooks && Kprobes,
        _ => true,
    };

    /// <summary>What was chosen, in words.</summary>
    public override string ToString() =>
        (Throttle, Kprobes) switch
        {
            (LedgerThrottle.Task, _) => "throttled time by the mark on each thread",
            (LedgerThrottle.Clock, _) => "throttled time by the group's clock and wakeup snapshots",
            (LedgerThrottle.Hooks, false) => "throttled time by fentry hooks and wakeup snapshots",
            (LedgerThrottle.Hooks, true) => "throttled time by kprobes and wakeup snapshots",
            _ => "throttled time unknown, part of waiting",
        } + (TaskStorage ? ", threads by task storage" : ", threads by id") + (Stalls ? ", stalls told" : "");
}
