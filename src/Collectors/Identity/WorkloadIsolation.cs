namespace Observe.Collectors.Identity;

/// <summary>What stands between a workload and the host's kernel: the <c>workload.isolation</c> attribute.</summary>
public enum WorkloadIsolation
{
    /// <summary>Nothing: processes of the host.</summary>
    None,

    /// <summary>Namespaces and cgroups; the kernel is the host's.</summary>
    Container,

    /// <summary>A kernel in user space (gVisor): few system calls reach the host's.</summary>
    Sandbox,

    /// <summary>A virtual machine, with a kernel of its own.</summary>
    Vm,

    /// <summary>A container or pod that runs in a virtual machine of its own (Kata).</summary>
    ContainerInVm,
}
