namespace Observe.Collectors.Kvm.Stats;

/// <summary>What KVM counts itself of a vCPU, as far as it is read here. KVM's names: <see cref="KvmStatNames"/>.</summary>
internal enum KvmStat
{
    /// <summary>Times the vCPU left the guest, for whatever reason.</summary>
    Exits,

    /// <summary>Exits because the guest had nothing to do (HLT; WFI on arm64).</summary>
    HaltExits,

    /// <summary>Exits for port I/O (x86).</summary>
    IoExits,

    /// <summary>Exits for memory-mapped I/O.</summary>
    MmioExits,

    /// <summary>Exits because the host's CPU got an interrupt (x86).</summary>
    IrqExits,

    /// <summary>Exits because the guest had become ready for an interrupt (x86).</summary>
    IrqWindowExits,

    /// <summary>Exits because the guest had become ready for an NMI (x86).</summary>
    NmiWindowExits,

    /// <summary>Calls of the hypervisor by the guest.</summary>
    Hypercalls,

    /// <summary>Returns to the VMM because its thread had a signal. Counted beside <see cref="Exits"/>, not among them.</summary>
    SignalExits,

    /// <summary>Halts that ended while KVM was polling.</summary>
    HaltPollSuccesses,

    /// <summary>Halts that ended while KVM was polling, for nothing the guest waited for.</summary>
    HaltPollInvalid,

    /// <summary>Times a halted vCPU's thread was woken.</summary>
    HaltWakeups,

    /// <summary>Time polled during halts that ended meanwhile, ns. CPU time of the vCPU's thread.</summary>
    HaltPollSuccessTime,

    /// <summary>Time polled during halts that did not end meanwhile, ns. CPU time of the vCPU's thread.</summary>
    HaltPollFailTime,

    /// <summary>Time from the end of polling to the end of the halt, ns. Linux 5.15. The vCPU's thread slept, or waited for a CPU after it was woken.</summary>
    HaltWaitTime,
}
