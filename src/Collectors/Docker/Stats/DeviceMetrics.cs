using System.Globalization;
using Observe.Collectors.Docker.Api;
using Observe.Telemetry.Model;
using static Observe.Telemetry.ContainerMetrics;

namespace Observe.Collectors.Docker.Stats;

/// <summary>The numbers of a sample that there are several of: by network interface, block device or CPU.</summary>
internal static class DeviceMetrics
{
    /// <summary>Takes all of them out of a sample.</summary>
    /// <param name="stats">The sample.</param>
    /// <param name="detail">Whether all is wanted, or what is looked at most.</param>
    /// <param name="take">Called with each.</param>
    public static void Read(ContainerStats stats, bool detail, Action<DeviceKey, double> take)
    {
        foreach (var (name, network) in stats.Networks ?? [])
            Read(name, network, detail, take);
        ReadBlock(BlockBytes, stats.Block?.Bytes, detail, take);
        if (!detail)
            return;
        ReadBlock(BlockServiced, stats.Block?.Serviced, detail, take);
        ReadBlock(BlockQueued, stats.Block?.Queued, detail, take);
        ReadBlock(BlockServiceTime, stats.Block?.ServiceTime, detail, take);
        ReadBlock(BlockWaitTime, stats.Block?.WaitTime, detail, take);
        ReadBlock(BlockMerged, stats.Block?.Merged, detail, take);
        ReadBlock(BlockTime, stats.Block?.Time, detail, take);
        ReadBlock(BlockSectors, stats.Block?.Sectors, detail, take);
        for (var cpu = 0; cpu < (stats.Cpu?.Usage?.PerCpu?.Count ?? 0); cpu++)
            take(new DeviceKey(CpuUsagePerCpu, (ulong)cpu, 0, ""), stats.Cpu!.Usage!.PerCpu![cpu]);
    }

    /// <summary>Values of the metric's labels.</summary>
    /// <param name="key">Which.</param>
    public static string[] LabelsOf(in DeviceKey key) => key.Metric.Labels.Length switch
    {
        3 => [key.Major.ToString(CultureInfo.InvariantCulture), key.Minor.ToString(CultureInfo.InvariantCulture), key.Name],
        _ when ReferenceEquals(key.Metric, CpuUsagePerCpu) => [$"cpu{key.Major.ToString(CultureInfo.InvariantCulture)}"],
        _ => [key.Name],
    };

    private static void Read(string name, in ContainerStats.NetworkStats network, bool detail, Action<DeviceKey, double> take)
    {
        take(new DeviceKey(NetworkRxBytes, 0, 0, name), network.RxBytes);
        take(new DeviceKey(NetworkRxDropped, 0, 0, name), network.RxDropped);
        take(new DeviceKey(NetworkTxBytes, 0, 0, name), network.TxBytes);
        take(new DeviceKey(NetworkTxDropped, 0, 0, name), network.TxDropped);
        if (!detail)
            return;
        take(new DeviceKey(NetworkRxErrors, 0, 0, name), network.RxErrors);
        take(new DeviceKey(NetworkRxPackets, 0, 0, name), network.RxPackets);
        take(new DeviceKey(NetworkTxErrors, 0, 0, name), network.TxErrors);
        take(new DeviceKey(NetworkTxPackets, 0, 0, name), network.TxPackets);
    }

    private static void ReadBlock(MetricDescriptor metric, IReadOnlyList<ContainerStats.BlockEntry>? entries, bool detail, Action<DeviceKey, double> take)
    {
        foreach (var entry in entries ?? [])
        {
            // cgroup v1 says all again as Sync and Async, and as Total: whoever adds up operations would count thrice.
            var operation = (entry.Operation ?? "").ToLowerInvariant();
            if (detail || operation is "read" or "write" or "discard")
                take(new DeviceKey(metric, entry.Major, entry.Minor, operation), entry.Value);
        }
    }
}
