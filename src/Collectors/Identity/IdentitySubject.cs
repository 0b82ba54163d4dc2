namespace Observe.Collectors.Identity;

/// <summary>Who a fact is about. Sources of facts know containers, pods and virtual machines by their ids, and nothing of cgroups.</summary>
/// <param name="Kind"><see cref="WorkloadKind.Container"/>, <see cref="WorkloadKind.Pod"/> or <see cref="WorkloadKind.Vm"/>.</param>
/// <param name="Id">Full container id, pod uid, or path of the virtual machine's cgroup.</param>
public readonly record struct IdentitySubject(WorkloadKind Kind, string Id)
{
    /// <summary>A container.</summary>
    /// <param name="id">Its full id, without the runtime's name before it.</param>
    public static IdentitySubject Container(string id) => new(WorkloadKind.Container, id);

    /// <summary>A pod: itself and all its containers.</summary>
    /// <param name="uid">Its uid as it stands in cgroup paths, with dashes.</param>
    public static IdentitySubject Pod(string uid) => new(WorkloadKind.Pod, uid);

    /// <summary>A virtual machine.</summary>
    /// <param name="cgroupPath">Path of the cgroup that gives its identity.</param>
    public static IdentitySubject Vm(string cgroupPath) => new(WorkloadKind.Vm, cgroupPath);
}
