using Observe.Collectors.Identity;

namespace Observe.Collectors.Stalls;

/// <summary>What a culprit is to its victim.</summary>
public static class CulpritKindExtensions
{
    /// <summary>The <c>culprit_kind</c> label.</summary>
    /// <param name="kind">The kind.</param>
    public static string ToLabel(this CulpritKind kind) => kind switch
    {
        CulpritKind.Self => "self",
        CulpritKind.Sibling => "sibling",
        CulpritKind.Workload => "workload",
        CulpritKind.Kernel => "kernel",
        CulpritKind.Interrupt => "interrupt",
        CulpritKind.Hypervisor => "hypervisor",
        CulpritKind.Idle => "idle",
        CulpritKind.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of culprit"),
    };

    /// <summary>What a workload that ran is to one that waited meanwhile.</summary>
    /// <param name="culprit">Who ran.</param>
    /// <param name="victim">Who waited.</param>
    public static CulpritKind KindFor(this Workload culprit, Workload victim)
    {
        ArgumentNullException.ThrowIfNull(culprit);
        ArgumentNullException.ThrowIfNull(victim);
        return ReferenceEquals(culprit, victim) ? CulpritKind.Self
            : ReferenceEquals(culprit, WorkloadRegistry.Kernel) ? CulpritKind.Kernel
            : ReferenceEquals(culprit, WorkloadRegistry.Idle) ? CulpritKind.Idle
            : ReferenceEquals(culprit, WorkloadRegistry.Unattributed) ? CulpritKind.Unknown
            : AreSiblings(culprit, victim) ? CulpritKind.Sibling
            : CulpritKind.Workload;
    }

    /// <summary>Containers of one pod. A virtual machine's thread groups are one workload, whatever cgroups they are in.</summary>
    private static bool AreSiblings(Workload one, Workload other) =>
        one.Labels.Identity.Attribute("k8s.pod.uid") is { Length: > 0 } pod && other.Labels.Identity.Attribute("k8s.pod.uid") == pod;
}
