using static Observe.Collectors.VCenter.Inventory.MetricParts;
using static Observe.Telemetry.VCenterMetrics;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>What there may be of ESXi hosts.</summary>
internal static class HostMetrics
{
    private static readonly int Cpu = UsageProperties.Host["summary.quickStats.overallCpuUsage"];
    private static readonly int Memory = UsageProperties.Host["summary.quickStats.overallMemoryUsage"];

    /// <summary>All.</summary>
    public static EntityMetric[] All { get; } =
    [
        Power("on"), Power("off"), Power("standby"), Power("unknown"),
        Connection("connected", "connected"), Connection("disconnected", "disconnected"), Connection("notResponding", "not_responding"),
        new(HostMaintenance, [], static (in reading) => Whether(Facts(reading).IsInMaintenance)),
        new(HostCpuCapacity, [], static (in reading) => Positive(Capacity(reading))),
        new(HostMemoryCapacity, [], static (in reading) => Positive(Facts(reading).MemoryBytes / Mebibyte)),
        WhileSampled(HostCpuUsage, static (in reading) => reading.Usage(Cpu)),
        WhileSampled(HostCpuUtilization, static (in reading) => Percent(reading.Usage(Cpu), Capacity(reading))),
        WhileSampled(HostMemoryUsage, static (in reading) => reading.Usage(Memory)),
        WhileSampled(HostMemoryUtilization, static (in reading) => Percent(reading.Usage(Memory), Facts(reading).MemoryBytes / Mebibyte)),
        .. Statuses,
        .. MetricParts.Alarms,
    ];

    private static EntityMetric Power(string state) =>
        new(HostPower, [state], (in reading) => Holds(InventoryCounts.PowerStates[InventoryCounts.PowerOf(Facts(reading).Power)] == state));

    private static EntityMetric Connection(string state, string label) => new(HostConnection, [label], (in reading) => Holds(Facts(reading).Connection == state));

    private static HostFacts Facts(in EntityReading reading) => (HostFacts)reading.Node.Facts!;

    private static double Capacity(in EntityReading reading) => Facts(reading).Cores * (double)Facts(reading).CpuMhz;
}
