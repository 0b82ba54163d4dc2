using static Observe.Collectors.VCenter.Inventory.MetricParts;
using static Observe.Telemetry.VCenterMetrics;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>What there may be of clusters.</summary>
internal static class ClusterMetrics
{
    private static readonly PropertyPaths Paths = UsageProperties.Compute;
    private static readonly int EffectiveMemory = Paths["summary.effectiveMemory"];
    private static readonly int Hosts = Paths["summary.numHosts"];
    private static readonly int EffectiveHosts = Paths["summary.numEffectiveHosts"];

    /// <summary>All.</summary>
    public static EntityMetric[] All { get; } =
    [
        Used(ClusterCpuLimit, Paths, "summary.totalCpu"),
        Used(ClusterCpuEffective, Paths, "summary.effectiveCpu"),
        Used(ClusterMemoryLimit, Paths, "summary.totalMemory"),
        // The only one of the summary that is in MiB.
        new(ClusterMemoryEffective, [], static (in reading) => reading.Usage(EffectiveMemory) * Mebibyte),
        new(ClusterHostCount, ["true"], static (in reading) => reading.Usage(EffectiveHosts)),
        new(ClusterHostCount, ["false"], static (in reading) => reading.Usage(Hosts) - reading.Usage(EffectiveHosts)),
        Machines("on"), Machines("off"), Machines("suspended"), Machines("unknown"),
        new(ClusterTemplateCount, [], static (in reading) => reading.Node.Counts!.Templates),
        .. Statuses,
        .. MetricParts.Alarms,
    ];

    private static EntityMetric Machines(string state)
    {
        var power = Array.IndexOf([.. InventoryCounts.PowerStates], state);
        return new EntityMetric(ClusterVmCount, [state], (in reading) =>
        {
            var count = 0;
            for (var status = 0; status < InventoryCounts.Statuses.Count; status++)
                count += reading.Node.Counts!.Machines[status, power];
            return state == "unknown" ? Positive(count) : count;
        });
    }
}
