namespace Observe.Collectors.Identity;

/// <summary>Where in a cgroup path its identity stands; everything is a range of the path, so that finding it allocates nothing.</summary>
internal struct CgroupMatch
{
    /// <summary>What sort of thing the path names.</summary>
    internal WorkloadKind Kind;

    /// <summary>How <see cref="Id"/> is to be read.</summary>
    internal CgroupForm Form;

    /// <summary>Length of the path up to and with the cgroup that gives the identity; what lies beneath shares it.</summary>
    internal int KeyLength;

    /// <summary>Container id, unit, machine or VM name.</summary>
    internal Range Id;

    /// <summary>Uid of the Kubernetes pod the cgroup lies in; empty if in none.</summary>
    internal Range PodUid;

    /// <summary>Id of the container around this container or pod (kind, docker in docker); empty if none.</summary>
    internal Range OuterId;

    /// <summary>Uid of the user whose session or service manager it is; empty if none.</summary>
    internal Range UserId;

    /// <summary>Container runtime or hypervisor; null where the path does not tell.</summary>
    internal string? Runtime;

    /// <summary>Whether deeper cgroups can only change the identity by being a container, a pod or a VM.</summary>
    internal bool Closed;

    /// <summary>Whether what encloses the cgroup already is a container, a pod or a VM.</summary>
    internal readonly bool Contained => Kind is WorkloadKind.Container or WorkloadKind.Pod or WorkloadKind.Vm;
}
