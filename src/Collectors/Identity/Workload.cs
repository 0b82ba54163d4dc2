using Observe.Telemetry.Model;

namespace Observe.Collectors.Identity;

/// <summary>
/// What time is charged to. One instance a life: a workload that died and came back is another instance, so that its
/// counters start anew; what it is called may be the same. Compared by reference.
/// </summary>
public sealed class Workload
{
    internal Workload(WorkloadLabels labels, string cgroupPath, ulong startTimeUnixNano)
    {
        Labels = labels;
        CgroupPath = cgroupPath;
        StartTimeUnixNano = startTimeUnixNano;
    }

    /// <summary>What it is called.</summary>
    public WorkloadLabels Labels { get; }

    /// <inheritdoc cref="WorkloadLabels.Kind"/>
    public WorkloadKind Kind => Labels.Kind;

    /// <inheritdoc cref="WorkloadLabels.Name"/>
    public string Name => Labels.Name;

    /// <inheritdoc cref="WorkloadLabels.Id"/>
    public string Id => Labels.Id;

    /// <inheritdoc cref="WorkloadLabels.Isolation"/>
    public WorkloadIsolation? Isolation => Labels.Isolation;

    /// <inheritdoc cref="WorkloadLabels.IsSettled"/>
    public bool IsSettled => Labels.IsSettled;

    /// <inheritdoc cref="WorkloadLabels.Resource"/>
    public Resource Resource => Labels.Resource;

    /// <inheritdoc cref="WorkloadLabels.InfoLabels"/>
    public IReadOnlyList<Label> InfoLabels => Labels.InfoLabels;

    /// <summary>Path of the cgroup that gives the identity; empty for those that are no cgroup.</summary>
    public string CgroupPath { get; }

    /// <summary>When its first known cgroup was made, ns since the Unix epoch; 0 for those that are no cgroup.</summary>
    public ulong StartTimeUnixNano { get; }

    /// <inheritdoc/>
    public override string ToString() => Labels.ToString();
}
