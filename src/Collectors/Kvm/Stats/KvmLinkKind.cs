namespace Observe.Collectors.Kvm.Stats;

/// <summary>Kinds of descriptors that a VMM has of KVM.</summary>
internal enum KvmLinkKind
{
    /// <summary>None of those below.</summary>
    Other,

    /// <summary>A virtual machine.</summary>
    Vm,

    /// <summary>A vCPU.</summary>
    Vcpu,

    /// <summary>The binary statistics of a vCPU.</summary>
    VcpuStats,
}
