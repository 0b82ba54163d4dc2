namespace Observe.Collectors.Identity;

/// <summary>What sort of thing a workload is: the <c>workload_kind</c> label, in lower case.</summary>
public enum WorkloadKind
{
    /// <summary>Belongs to the host itself: slices, mounts, PID 1, cgroups that nobody recognises.</summary>
    System,

    /// <summary>A container of any runtime, with everything that runs inside it.</summary>
    Container,

    /// <summary>A pod's own cgroup: its sandbox and what the runtime runs beside its containers.</summary>
    Pod,

    /// <summary>A virtual machine: the monitor process, its vCPU threads and its I/O threads.</summary>
    Vm,

    /// <summary>A systemd service or a scope outside user sessions.</summary>
    Service,

    /// <summary>A login session or a unit of a user's own service manager.</summary>
    User,

    /// <summary>Threads of the kernel.</summary>
    Kernel,
}
