namespace Observe.Collectors.Stalls;

/// <summary>What ran while a thread waited, as seen from the workload that waited.</summary>
public enum CulpritKind
{
    /// <summary>Threads of the workload itself.</summary>
    Self,

    /// <summary>Another container of its pod, or another thread group of its virtual machine.</summary>
    Sibling,

    /// <summary>Another workload.</summary>
    Workload,

    /// <summary>Kernel threads.</summary>
    Kernel,

    /// <summary>Interrupts.</summary>
    Interrupt,

    /// <summary>The hypervisor: time stolen from this CPU.</summary>
    Hypervisor,

    /// <summary>Nobody: the CPU was idle, or about to switch.</summary>
    Idle,

    /// <summary>Not known: before what is remembered, or on a CPU that the thread waited for before it was moved.</summary>
    Unknown,
}
