using Observe.Collectors.Identity;

namespace Observe.Collectors.Kvm;

/// <summary>Tells the registry what the monitor of a virtual machine knows of it, where the machine is a workload of its own.</summary>
/// <param name="registry">Who is told.</param>
internal sealed class VmIdentities(WorkloadRegistry registry)
{
    private readonly IdentitySource source = registry.AddSource(IdentityRank.Vmm, identity => identity.Kind == WorkloadKind.Vm);

    /// <summary>Says who a machine is; it is forgotten with its cgroup.</summary>
    /// <param name="workload">What its threads are charged to.</param>
    /// <param name="process">Its monitor.</param>
    public void Tell(Workload workload, VmProcess process)
    {
        if (workload.Kind != WorkloadKind.Vm)
            return;
        var subject = IdentitySubject.Vm(workload.CgroupPath);
        KeyValuePair<string, string>[] uuid = process.Uuid is { } known ? [new("observe.vm.uuid", known)] : [];
        source.Tell(subject, new IdentityFacts(null, [.. uuid, new("observe.vm.monitor", process.Vmm)]));
        source.Forget(subject);
    }
}
