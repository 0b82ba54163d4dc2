using static Observe.Collectors.VCenter.Performance.SeriesKind;
using static Observe.Telemetry.VCenterMetrics;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>What is asked of virtual machines. The first counter is one that all of them have: by it gaps are told.</summary>
internal static class VirtualMachineCounters
{
    /// <summary>Percent in hundredths, to a ratio.</summary>
    public const double Percent = 1e-4;

    /// <summary>MHz, to Hz.</summary>
    public const double MegaHertz = 1e6;

    /// <summary>KiB, to bytes.</summary>
    public const double Kibi = 1024;

    /// <summary>ms, to seconds.</summary>
    public const double Milli = 1e-3;

    /// <summary>A mean of KiB a second, to bytes in the sample's interval.</summary>
    public const double KibiPerInterval = Kibi * RealTime.Seconds;

    /// <summary>A number in the sample's interval, to one a second.</summary>
    public const double PerSecond = 1.0 / RealTime.Seconds;

    /// <summary>ms in the sample's interval, to percent of it.</summary>
    private const double PercentOfInterval = 0.1 / RealTime.Seconds;

    private const double RatioOfInterval = Milli / RealTime.Seconds;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CounterUse> All { get; } =
    [
        new("cpu.usagemhz.average", new SeriesUse(VmCpuUsage, Gauge, MegaHertz)),
        new("cpu.run.summation", Time("run")),
        new("cpu.ready.summation", Time("ready"), new SeriesUse(VmCpuReady, PerCpu, RatioOfInterval), new SeriesUse(VmCpuReadiness, PerCpu, PercentOfInterval), PercentOf("ready")),
        new("cpu.costop.summation", Time("costop")),
        new("cpu.wait.summation", Time("wait"), PercentOf("wait")),
        new("cpu.swapwait.summation", Time("swapwait")),
        new("cpu.overlap.summation", Time("overlap")),
        new("cpu.idle.summation", Time("idle"), PercentOf("idle")),
        new("cpu.maxlimited.summation", Time("maxlimited")),
        new("cpu.latency.average", new SeriesUse(VmCpuLatency, Gauge, Percent)),
        new("cpu.demand.average", new SeriesUse(VmCpuDemand, Gauge, MegaHertz)),
        new("mem.active.average", Memory("active")),
        new("mem.consumed.average", Memory("consumed")),
        new("mem.granted.average", Memory("granted")),
        new("mem.vmmemctl.average", Memory("ballooned")),
        new("mem.swapped.average", Memory("swapped")),
        new("mem.compressed.average", Memory("compressed")),
        new("mem.swapinRate.average", new SeriesUse(VmMemorySwap, Counter, KibiPerInterval, "in")),
        new("mem.swapoutRate.average", new SeriesUse(VmMemorySwap, Counter, KibiPerInterval, "out")),
        new("mem.latency.average", new SeriesUse(VmMemoryLatency, Gauge, Percent)),
        new("disk.maxTotalLatency.latest", new SeriesUse(VmDiskLatencyMax, Gauge, 1)),
        new("datastore.maxTotalLatency.latest", new SeriesUse(VmDatastoreLatencyMax, Gauge, Milli)),
        new("virtualDisk.totalReadLatency.average", new SeriesUse(VmDiskLatencyAverage, Gauge, 1, "read", "virtual")) { IsOfObjects = true },
        new("virtualDisk.totalWriteLatency.average", new SeriesUse(VmDiskLatencyAverage, Gauge, 1, "write", "virtual")) { IsOfObjects = true },
        new("virtualDisk.read.average", Disk("read")) { IsOfObjects = true },
        new("virtualDisk.write.average", Disk("write")) { IsOfObjects = true },
        new("net.usage.average", new SeriesUse(VmNetworkUsage, Gauge, 1)),
        new("net.bytesRx.average", Network("received")),
        new("net.bytesTx.average", Network("transmitted")),
        new("net.packetsRx.summation", Packets("received")),
        new("net.packetsTx.summation", Packets("transmitted")),
        new("net.droppedRx.summation", Dropped("received")),
        new("net.droppedTx.summation", Dropped("transmitted")),
        new("net.broadcastRx.summation", new SeriesUse(VmNetworkBroadcastRate, Gauge, PerSecond, "received") { IsDetail = true }),
        new("net.broadcastTx.summation", new SeriesUse(VmNetworkBroadcastRate, Gauge, PerSecond, "transmitted") { IsDetail = true }),
        new("net.multicastRx.summation", new SeriesUse(VmNetworkMulticastRate, Gauge, PerSecond, "received") { IsDetail = true }),
        new("net.multicastTx.summation", new SeriesUse(VmNetworkMulticastRate, Gauge, PerSecond, "transmitted") { IsDetail = true }),
    ];

    private static SeriesUse Time(string state) => new(VmCpuTime, Counter, Milli, state);

    private static SeriesUse PercentOf(string state) => new(VmCpuTimePercent, Gauge, PercentOfInterval, state) { IsDetail = true };

    private static SeriesUse Memory(string type) => new(VmMemory, Gauge, Kibi, type);

    private static SeriesUse[] Disk(string direction) =>
        [new(VmDiskThroughput, Gauge, 1, direction), new(VmDisk, Counter, KibiPerInterval, direction)];

    private static SeriesUse[] Network(string direction) =>
        [new(VmNetworkThroughput, Gauge, Kibi, direction), new(VmNetwork, Counter, KibiPerInterval, direction)];

    private static SeriesUse[] Packets(string direction) =>
        [new(VmNetworkPacketRate, Gauge, PerSecond, direction), new(VmNetworkPackets, Counter, 1, direction)];

    private static SeriesUse[] Dropped(string direction) =>
        [new(VmNetworkPacketDropRate, Gauge, PerSecond, direction), new(VmNetworkDropped, Counter, 1, direction)];
}
