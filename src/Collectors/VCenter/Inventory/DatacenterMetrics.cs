using static Observe.Collectors.VCenter.Inventory.MetricParts;
using static Observe.Telemetry.VCenterMetrics;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>What there may be of datacenters: what is in them, counted and added up.</summary>
internal static class DatacenterMetrics
{
    /// <summary>All.</summary>
    public static EntityMetric[] All { get; } =
    [
        .. InventoryCounts.Statuses.Select((name, status) => new EntityMetric(DatacenterClusterCount, [name], (in reading) => Positive(reading.Node.Counts!.Clusters[status]))),
        .. Each(static (status, power) => new(DatacenterHostCount, Names(status, power), (in reading) => Positive(reading.Node.Counts!.Hosts[status, power]))),
        .. Each(static (status, power) => new(DatacenterVmCount, Names(status, power), (in reading) => Positive(reading.Node.Counts!.Machines[status, power]))),
        new(DatacenterDatastoreCount, [], static (in reading) => reading.Node.Counts!.Datastores),
        new(DatacenterDiskSpace, ["available"], static (in reading) => reading.Node.Sums.FreeSpace),
        new(DatacenterDiskSpace, ["used"], static (in reading) => reading.Node.Sums.Space - reading.Node.Sums.FreeSpace),
        new(DatacenterCpuLimit, [], static (in reading) => reading.Node.Sums.CpuMhz),
        new(DatacenterMemoryLimit, [], static (in reading) => reading.Node.Sums.MemoryBytes),
    ];

    private static IEnumerable<EntityMetric> Each(Func<int, int, EntityMetric> metric) =>
        from status in Enumerable.Range(0, InventoryCounts.Statuses.Count)
        from power in Enumerable.Range(0, InventoryCounts.PowerStates.Count)
        select metric(status, power);

    private static string[] Names(int status, int power) => [InventoryCounts.Statuses[status], InventoryCounts.PowerStates[power]];
}
