using Observe.Bpf.Types;

namespace Observe.Collectors.Sched;

/// <summary>What the running kernel has that the ledger depends on: found in its BTF, never concluded from its version.</summary>
internal sealed record KernelTraits
{
    /// <summary>The scheduler notes when a thread was queued (CONFIG_SCHED_INFO): without it there is no ledger.</summary>
    public required bool HasSchedInfo { get; init; }

    /// <summary>Tracing programs may keep data with a thread (5.13).</summary>
    public required bool HasTaskStorage { get; init; }

    /// <summary>Such data may be made while a run queue is locked: its allocator never wakes kswapd (6.4).</summary>
    public required bool CreatesStorageUnderLock { get; init; }

    /// <summary>sched_switch passes the leaver's state (5.18).</summary>
    public required bool PassesPreviousState { get; init; }

    /// <summary>A throttled thread is marked (6.18).</summary>
    public required bool MarksThrottledTasks { get; init; }

    /// <summary>A run queue keeps the time for which its own threads were throttled (6.6).</summary>
    public required bool HasThrottleClock { get; init; }

    /// <summary>A thread that went to sleep may stay queued for a while (6.12).</summary>
    public required bool DelaysDequeue { get; init; }

    /// <summary>The functions that throttle and unthrottle a group on one CPU can be named (all so far).</summary>
    public required bool HasThrottleFunctions { get; init; }

    /// <summary>Interrupt time is kept apart from running (CONFIG_IRQ_TIME_ACCOUNTING).</summary>
    public required bool TracksIrq { get; init; }

    /// <summary>Stolen time is kept apart from running (CONFIG_PARAVIRT_TIME_ACCOUNTING).</summary>
    public required bool TracksSteal { get; init; }

    /// <summary>The kernel's number of the cpu controller.</summary>
    public required uint CpuController { get; init; }

    /// <summary>Reads them from BTF.</summary>
    /// <param name="btf">The kernel's.</param>
    public static KernelTraits Read(Btf btf)
    {
        // 08a7ce384e33 (6.4) gave task storage an allocator of its own, which a later change replaced by kmalloc_nolock.
        var ownAllocator = btf.HasField("bpf_local_storage_map", "bpf_ma");
        return new KernelTraits
        {
            HasSchedInfo = btf.HasField("task_struct", "sched_info") && btf.HasField("sched_info", "last_queued"),
            HasTaskStorage = btf.EnumValue("bpf_func_id", "BPF_FUNC_task_storage_get") is not null,
            CreatesStorageUnderLock = ownAllocator || btf.HasFunction("kmalloc_nolock_noprof"),
            PassesPreviousState = btf.Parameters("__traceiter_sched_switch") is { Count: >= 5 },
            MarksThrottledTasks = btf.HasField("task_struct", "throttled"),
            HasThrottleClock = btf.HasField("cfs_rq", "throttled_clock_self"),
            DelaysDequeue = btf.HasField("sched_entity", "sched_delayed"),
            HasThrottleFunctions = btf.HasFunction("tg_throttle_down") && btf.HasFunction("tg_unthrottle_up"),
            TracksIrq = btf.HasField("rq", "prev_irq_time"),
            TracksSteal = btf.HasField("rq", "prev_steal_time_rq"),
            CpuController = (uint)(btf.EnumValue("cgroup_subsys_id", "cpu_cgrp_id") ?? 0),
        };
    }
}
