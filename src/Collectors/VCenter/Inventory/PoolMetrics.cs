using Observe.Telemetry.Model;
using static Observe.Collectors.VCenter.Inventory.MetricParts;
using static Observe.Telemetry.VCenterMetrics;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>What there may be of resource pools and vApps.</summary>
internal static class PoolMetrics
{
    /// <summary>All.</summary>
    public static EntityMetric[] All { get; } =
    [
        Quick(PoolCpuUsage, "overallCpuUsage"),
        Fact(PoolCpuShares, static pool => pool.CpuShares),
        Fact(PoolCpuReservation, static pool => pool.CpuReservation * Megahertz),
        Fact(PoolCpuLimit, static pool => pool.CpuLimit * Megahertz),
        Quick(PoolMemoryUsage, "guestMemoryUsage", "guest"),
        Quick(PoolMemoryUsage, "hostMemoryUsage", "host"),
        Quick(PoolMemoryUsage, "overheadMemory", "overhead"),
        Quick(PoolMemoryGranted, "privateMemory", "private"),
        Quick(PoolMemoryGranted, "sharedMemory", "shared"),
        Quick(PoolMemorySwapped, "swappedMemory"),
        Quick(PoolMemoryBallooned, "balloonedMemory"),
        Fact(PoolMemoryShares, static pool => pool.MemoryShares),
        Fact(PoolMemoryReservation, static pool => pool.MemoryReservation * Mebibyte),
        Fact(PoolMemoryLimit, static pool => pool.MemoryLimit * Mebibyte),
        .. MetricParts.Alarms,
    ];

    private static EntityMetric Quick(MetricDescriptor metric, string name, params string[] values) => Used(metric, UsageProperties.Pool, $"summary.quickStats.{name}", values);

    private static EntityMetric Fact(MetricDescriptor metric, Func<PoolFacts, double?> read) => new(metric, [], (in reading) => read((PoolFacts)reading.Node.Facts!) ?? double.NaN);
}
