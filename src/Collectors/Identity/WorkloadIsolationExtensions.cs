using Observe.Collectors.Kvm;

namespace Observe.Collectors.Identity;

/// <summary>How a <see cref="WorkloadIsolation"/> is found, and its text.</summary>
public static class WorkloadIsolationExtensions
{
    /// <summary>The value of the <c>workload.isolation</c> attribute.</summary>
    /// <param name="isolation">The isolation.</param>
    public static string ToLabel(this WorkloadIsolation isolation) => isolation switch
    {
        WorkloadIsolation.None => "none",
        WorkloadIsolation.Container => "container",
        WorkloadIsolation.Sandbox => "sandbox",
        WorkloadIsolation.Vm => "vm",
        WorkloadIsolation.ContainerInVm => "container-in-vm",
        _ => throw new ArgumentOutOfRangeException(nameof(isolation), isolation, "not a workload isolation"),
    };

    /// <summary>What the first process of a container's or pod's cgroup adds to what its path says. A process is free to call itself anything: this describes, it proves nothing.</summary>
    /// <param name="isolation">What the path says; only a container can become something else.</param>
    /// <param name="comm">Name of the process.</param>
    /// <param name="argument0">First word of its command line; empty if it has none.</param>
    public static WorkloadIsolation Refine(this WorkloadIsolation isolation, string comm, string argument0)
    {
        ArgumentNullException.ThrowIfNull(comm);
        ArgumentNullException.ThrowIfNull(argument0);
        if (isolation != WorkloadIsolation.Container)
            return isolation;
        if (IsGVisor(comm) || IsGVisor(argument0[(argument0.LastIndexOf('/') + 1)..]))
            return WorkloadIsolation.Sandbox;
        return VmProcess.VmmOf(comm, argument0) is null ? isolation : WorkloadIsolation.ContainerInVm;
    }

    /// <summary>What the path of a cgroup says.</summary>
    internal static WorkloadIsolation IsolationOf(ReadOnlySpan<char> path, in CgroupMatch match) => match.Kind switch
    {
        WorkloadKind.Vm => match.Runtime == "kata" ? WorkloadIsolation.ContainerInVm : WorkloadIsolation.Vm,
        // Kata's runtime-rs repeats the whole path of the container there (src/runtime-rs/crates/resource/src/cgroups/utils.rs).
        WorkloadKind.Container or WorkloadKind.Pod => path.StartsWith("/kata_overhead/", StringComparison.Ordinal) ? WorkloadIsolation.ContainerInVm : WorkloadIsolation.Container,
        _ => WorkloadIsolation.None,
    };

    // runsc itself enters the cgroup before it starts the gofer and the sandbox there (runsc/container/container.go); those
    // run from /proc/self/exe, so that their comm is "exe" and only the first argument tells (runsc/sandbox/sandbox.go).
    private static bool IsGVisor(string program) => program is "runsc" or "runsc-sandbox" or "runsc-gofer";
}
