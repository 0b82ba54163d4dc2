namespace Observe.Collectors.Traces.Verdicts;

/// <summary>Why a thread was kept from running, in a word.</summary>
public enum Verdict
{
    /// <summary>What is known does not tell.</summary>
    Unknown,

    /// <summary>A CPU quota, its own or one above it.</summary>
    Quota,

    /// <summary>Another workload, or the kernel's own threads, ran on its CPU.</summary>
    Neighbour,

    /// <summary>Its own workload ran on its CPU, or another part of the same pod or VM.</summary>
    Self,

    /// <summary>The hypervisor: it took the CPU away, or did the guest's work outside of it.</summary>
    Hypervisor,

    /// <summary>A device, or a file system, that it waited for.</summary>
    Io,

    /// <summary>Interrupts.</summary>
    Irq,

    /// <summary>Its virtual machine was being moved to another host.</summary>
    Migration,
}
