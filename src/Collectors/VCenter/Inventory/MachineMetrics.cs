using Observe.Telemetry.Model;
using static Observe.Collectors.VCenter.Inventory.MetricParts;
using static Observe.Telemetry.VCenterMetrics;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>What there may be of VMs and templates.</summary>
internal static class MachineMetrics
{
    private static readonly int Committed = UsageProperties.Machine["summary.storage.committed"];
    private static readonly int Uncommitted = UsageProperties.Machine["summary.storage.uncommitted"];
    private static readonly int Cpu = UsageProperties.Machine["summary.quickStats.overallCpuUsage"];
    private static readonly int Memory = UsageProperties.Machine["summary.quickStats.guestMemoryUsage"];

    /// <summary>Of templates.</summary>
    public static EntityMetric[] OfTemplates { get; } =
    [
        Used(MachineDiskUsage, UsageProperties.Machine, "summary.storage.committed", "used"),
        Used(MachineDiskUsage, UsageProperties.Machine, "summary.storage.uncommitted", "available"),
        new(MachineDiskUtilization, [], static (in reading) => Percent(reading.Usage(Committed), reading.Usage(Committed) + reading.Usage(Uncommitted))),
        .. MetricParts.Alarms,
    ];

    /// <summary>Of VMs.</summary>
    public static EntityMetric[] All { get; } =
    [
        Power("on"), Power("off"), Power("suspended"), Power("unknown"),
        new(MachineConnected, [], static (in reading) => Whether(Facts(reading).Connection == "connected")),
        new(MachineCpus, [], static (in reading) => Positive(Facts(reading).Cpus)),
        new(MachineMemorySize, [], static (in reading) => Positive(Facts(reading).MemoryMb * Mebibyte)),
        new(MachineSnapshots, [], static (in reading) => Positive(Facts(reading).Snapshots)),
        WhileSampled(MachineCpuUsage, static (in reading) => reading.Usage(Cpu)),
        WhileSampled(MachineCpuUtilization, static (in reading) => Percent(reading.Usage(Cpu), Facts(reading).Cpus * (double)CpuMhz(reading))),
        WhileSampled(MachineMemoryUsage, static (in reading) => reading.Usage(Memory)),
        WhileSampled(MachineMemoryUtilization, static (in reading) => Percent(reading.Usage(Memory), Facts(reading).MemoryMb)),
        Quick(MachineMemoryBallooned, "balloonedMemory"),
        Quick(MachineMemorySwapped, "swappedMemory"),
        Quick(MachineMemorySwappedSsd, "ssdSwappedMemory"),
        Quick(MachineMemoryGranted, "grantedMemory"),
        .. OfTemplates,
    ];

    private static EntityMetric Power(string state) =>
        new(MachinePower, [state], (in reading) => Holds(InventoryCounts.PowerStates[InventoryCounts.PowerOf(Facts(reading).Power)] == state));

    private static EntityMetric Quick(MetricDescriptor metric, string name)
    {
        var index = UsageProperties.Machine[$"summary.quickStats.{name}"];
        return WhileSampled(metric, (in reading) => reading.Usage(index));
    }

    private static MachineFacts Facts(in EntityReading reading) => (MachineFacts)reading.Node.Facts!;

    private static int CpuMhz(in EntityReading reading) => (reading.Node.Place.Host?.Facts as HostFacts)?.CpuMhz ?? 0;
}
