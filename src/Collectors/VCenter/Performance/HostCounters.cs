using static Observe.Collectors.VCenter.Performance.SeriesKind;
using static Observe.Collectors.VCenter.Performance.VirtualMachineCounters;
using static Observe.Telemetry.VCenterMetrics;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>What is asked of ESXi hosts. The first counter is one that all of them have: by it gaps are told.</summary>
internal static class HostCounters
{
    private const double Mebi = 1.0 / 1024;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CounterUse> All { get; } =
    [
        new("cpu.usagemhz.average", new SeriesUse(HostCpuUsed, Gauge, MegaHertz)),
        new("cpu.usage.average", new SeriesUse(HostCpuUsedRatio, Gauge, Percent)),
        new("cpu.used.summation", Time("used")),
        new("cpu.ready.summation", Time("ready")),
        new("cpu.costop.summation", Time("costop")),
        new("cpu.wait.summation", Time("wait")),
        new("cpu.swapwait.summation", Time("swapwait")),
        new("cpu.idle.summation", Time("idle")),
        new("cpu.latency.average", new SeriesUse(HostCpuLatency, Gauge, Percent)),
        new("cpu.demand.average", new SeriesUse(HostCpuDemand, Gauge, MegaHertz)),
        new("cpu.totalCapacity.average", new SeriesUse(HostCpuReserved, Gauge, 1, "total")),
        new("cpu.reservedCapacity.average", new SeriesUse(HostCpuReserved, Gauge, 1, "used")),
        new("mem.active.average", Memory("active"), new SeriesUse(HostMemoryActive, Gauge, Mebi) { IsDetail = true }),
        new("mem.consumed.average", Memory("consumed")),
        new("mem.granted.average", Memory("granted"), new SeriesUse(HostMemoryGranted, Gauge, Mebi) { IsDetail = true }),
        new("mem.vmmemctl.average", Memory("ballooned"), new SeriesUse(HostMemoryBallooned, Gauge, Mebi) { IsDetail = true }),
        new("mem.swapused.average", Memory("swapped")),
        new("mem.compressed.average", Memory("compressed")),
        new("mem.swapinRate.average", new SeriesUse(HostMemorySwap, Counter, KibiPerInterval, "in")),
        new("mem.swapoutRate.average", new SeriesUse(HostMemorySwap, Counter, KibiPerInterval, "out")),
        new("mem.latency.average", new SeriesUse(HostMemoryLatency, Gauge, Percent)),
        new("disk.maxTotalLatency.latest", new SeriesUse(HostDiskLatencyMax, Gauge, 1)),
        new("disk.totalReadLatency.average", new SeriesUse(HostDiskLatencyAverage, Gauge, 1, "read")) { IsOfObjects = true },
        new("disk.totalWriteLatency.average", new SeriesUse(HostDiskLatencyAverage, Gauge, 1, "write")) { IsOfObjects = true },
        new("disk.read.average", Disk("read")),
        new("disk.write.average", Disk("write")),
        new("net.usage.average", new SeriesUse(HostNetworkUsage, Gauge, 1)),
        new("net.bytesRx.average", Network("received")),
        new("net.bytesTx.average", Network("transmitted")),
        new("net.packetsRx.summation", Packets("received")),
        new("net.packetsTx.summation", Packets("transmitted")),
        new("net.droppedRx.summation", Dropped("received")),
        new("net.droppedTx.summation", Dropped("transmitted")),
        new("net.errorsRx.summation", new SeriesUse(HostNetworkPacketErrorRate, Gauge, PerSecond, "received")),
        new("net.errorsTx.summation", new SeriesUse(HostNetworkPacketErrorRate, Gauge, PerSecond, "transmitted")),
    ];

    private static SeriesUse Time(string state) => new(HostCpuTime, Counter, Milli, state);

    private static SeriesUse Memory(string type) => new(HostMemory, Gauge, Kibi, type);

    private static SeriesUse[] Disk(string direction) =>
        [new(HostDiskThroughput, Gauge, 1, direction), new(HostDisk, Counter, KibiPerInterval, direction)];

    private static SeriesUse[] Network(string direction) =>
        [new(HostNetworkThroughput, Gauge, 1, direction), new(HostNetwork, Counter, KibiPerInterval, direction)];

    private static SeriesUse[] Packets(string direction) =>
        [new(HostNetworkPacketRate, Gauge, PerSecond, direction), new(HostNetworkPackets, Counter, 1, direction)];

    private static SeriesUse[] Dropped(string direction) =>
        [new(HostNetworkPacketDropRate, Gauge, PerSecond, direction), new(HostNetworkDropped, Counter, 1, direction)];
}
