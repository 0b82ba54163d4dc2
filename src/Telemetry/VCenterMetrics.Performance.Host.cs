using Observe.Telemetry.Model;
using static Observe.Telemetry.Model.MetricKind;
using static Observe.Telemetry.Model.MetricScope;

namespace Observe.Telemetry;

public static partial class VCenterMetrics
{
    /// <summary>CPU that virtual machines have or can have reserved.</summary>
    public static readonly MetricDescriptor HostCpuReserved = new("vcenter_host_cpu_reserved_MHz", "vcenter.host.cpu.reserved", "MHz", Gauge, VCenter,
        "CPU for virtual machines: all of it, and what they have reserved of it", "cpu_reservation_type");

    /// <summary>Average latency of the device in 20 s, the kernel's part in it.</summary>
    public static readonly MetricDescriptor HostDiskLatencyAverage = new("vcenter_host_disk_latency_avg_milliseconds", "vcenter.host.disk.latency.avg", "ms", Gauge, VCenter,
        "Average latency of the device in 20 s, the kernel's part in it", "direction", "object");

    /// <summary>Highest latency of all disks in 20 s.</summary>
    public static readonly MetricDescriptor HostDiskLatencyMax = new("vcenter_host_disk_latency_max_milliseconds", "vcenter.host.disk.latency.max", "ms", Gauge, VCenter,
        "Highest latency of all disks in 20 s", "object");

    /// <summary>Data read from and written to disks.</summary>
    public static readonly MetricDescriptor HostDiskThroughput = new("vcenter_host_disk_throughput", "vcenter.host.disk.throughput", "{KiBy/s}", Gauge, VCenter,
        "Data read from and written to disks", "direction", "object");

    /// <summary>Data received and transmitted over the network.</summary>
    public static readonly MetricDescriptor HostNetworkThroughput = new("vcenter_host_network_throughput", "vcenter.host.network.throughput", "{KiBy/s}", Gauge, VCenter,
        "Data received and transmitted over the network", "direction", "object");

    /// <summary>Data received and transmitted over the network, together.</summary>
    public static readonly MetricDescriptor HostNetworkUsage = new("vcenter_host_network_usage", "vcenter.host.network.usage", "{KiBy/s}", Gauge, VCenter,
        "Data received and transmitted over the network, together", "object");

    /// <summary>Packets received and transmitted.</summary>
    public static readonly MetricDescriptor HostNetworkPacketRate = new("vcenter_host_network_packet_rate", "vcenter.host.network.packet.rate", "{packets/s}", Gauge, VCenter,
        "Packets received and transmitted", "direction", "object");

    /// <summary>Packets dropped on their way in and out.</summary>
    public static readonly MetricDescriptor HostNetworkPacketDropRate = new("vcenter_host_network_packet_drop_rate", "vcenter.host.network.packet.drop.rate", "{packets/s}", Gauge, VCenter,
        "Packets dropped on their way in and out", "direction", "object");

    /// <summary>Packets received and transmitted with errors.</summary>
    public static readonly MetricDescriptor HostNetworkPacketErrorRate = new("vcenter_host_network_packet_error_rate", "vcenter.host.network.packet.error.rate", "{errors/s}", Gauge, VCenter,
        "Packets received and transmitted with errors", "direction", "object");

    /// <summary>Memory that the virtual machines of the host are using actively.</summary>
    public static readonly MetricDescriptor HostMemoryActive = new("vcenter_host_memory_active_mebibytes", "vcenter.host.memory.active", "MiBy", Gauge, VCenter,
        "Memory that the virtual machines of the host are using actively");

    /// <summary>Memory that balloons took from the virtual machines of the host.</summary>
    public static readonly MetricDescriptor HostMemoryBallooned = new("vcenter_host_memory_ballooned_mebibytes", "vcenter.host.memory.ballooned", "MiBy", Gauge, VCenter,
        "Memory that balloons took from the virtual machines of the host");

    /// <summary>Memory that the host granted to its virtual machines.</summary>
    public static readonly MetricDescriptor HostMemoryGranted = new("vcenter_host_memory_granted_mebibytes", "vcenter.host.memory.granted", "MiBy", Gauge, VCenter,
        "Memory that the host granted to its virtual machines");

    /// <summary>Time by state as vSphere counts it, of all that runs on the host: every sample of 20 s adds to it.</summary>
    public static readonly MetricDescriptor HostCpuTime = new("observe_vcenter_host_cpu_time_seconds_total", "observe.vcenter.host.cpu.time", "s", Counter, VCenter,
        "Time by state as vSphere counts it, of all that runs on the host: every sample of 20 s adds to it", "state", "object");

    /// <summary>Part of the time in which what runs on the host could not run because of others.</summary>
    public static readonly MetricDescriptor HostCpuLatency = new("observe_vcenter_host_cpu_latency_ratio", "observe.vcenter.host.cpu.latency", "1", Gauge, VCenter,
        "Part of the time in which what runs on the host could not run because of others");

    /// <summary>CPU that what runs on the host would use if it could.</summary>
    public static readonly MetricDescriptor HostCpuDemand = new("observe_vcenter_host_cpu_demand_hertz", "observe.vcenter.host.cpu.demand", "Hz", Gauge, VCenter,
        "CPU that what runs on the host would use if it could");

    /// <summary>CPU that the host uses.</summary>
    public static readonly MetricDescriptor HostCpuUsed = new("observe_vcenter_host_cpu_usage_hertz", "observe.vcenter.host.cpu.usage", "Hz", Gauge, VCenter,
        "CPU that the host uses");

    /// <summary>Part of the host's CPU that is used.</summary>
    public static readonly MetricDescriptor HostCpuUsedRatio = new("observe_vcenter_host_cpu_utilization_ratio", "observe.vcenter.host.cpu.utilization", "1", Gauge, VCenter,
        "Part of the host's CPU that is used");

    /// <summary>Memory of the host's virtual machines by what became of it: active, consumed, granted, ballooned, swapped, compressed.</summary>
    public static readonly MetricDescriptor HostMemory = new("observe_vcenter_host_memory_usage_bytes", "observe.vcenter.host.memory.usage", "By", Gauge, VCenter,
        "Memory of the host's virtual machines by what became of it: active, consumed, granted, ballooned, swapped, compressed", "type");

    /// <summary>Memory that the host swapped in and out.</summary>
    public static readonly MetricDescriptor HostMemorySwap = new("observe_vcenter_host_memory_swap_bytes_total", "observe.vcenter.host.memory.swap", "By", Counter, VCenter,
        "Memory that the host swapped in and out", "direction");

    /// <summary>Part of the time in which virtual machines waited for memory that was swapped or compressed.</summary>
    public static readonly MetricDescriptor HostMemoryLatency = new("observe_vcenter_host_memory_latency_ratio", "observe.vcenter.host.memory.latency", "1", Gauge, VCenter,
        "Part of the time in which virtual machines waited for memory that was swapped or compressed");

    /// <summary>Data read from and written to disks.</summary>
    public static readonly MetricDescriptor HostDisk = new("observe_vcenter_host_disk_bytes_total", "observe.vcenter.host.disk", "By", Counter, VCenter,
        "Data read from and written to disks", "direction", "object");

    /// <summary>Data received and transmitted over the network.</summary>
    public static readonly MetricDescriptor HostNetwork = new("observe_vcenter_host_network_bytes_total", "observe.vcenter.host.network", "By", Counter, VCenter,
        "Data received and transmitted over the network", "direction", "object");

    /// <summary>Packets received and transmitted.</summary>
    public static readonly MetricDescriptor HostNetworkPackets = new("observe_vcenter_host_network_packets_total", "observe.vcenter.host.network.packets", "{packet}", Counter, VCenter,
        "Packets received and transmitted", "direction", "object");

    /// <summary>Packets dropped on their way in and out.</summary>
    public static readonly MetricDescriptor HostNetworkDropped = new("observe_vcenter_host_network_dropped_packets_total", "observe.vcenter.host.network.dropped_packets", "{packet}", Counter, VCenter,
        "Packets dropped on their way in and out", "direction", "object");

    private static MetricDescriptor[] HostSamples =>
    [
        HostCpuReserved, HostDiskLatencyAverage, HostDiskLatencyMax, HostDiskThroughput, HostNetworkThroughput, HostNetworkUsage, HostNetworkPacketRate,
        HostNetworkPacketDropRate, HostNetworkPacketErrorRate, HostMemoryActive, HostMemoryBallooned, HostMemoryGranted, HostCpuTime, HostCpuLatency,
        HostCpuDemand, HostCpuUsed, HostCpuUsedRatio, HostMemory, HostMemorySwap, HostMemoryLatency, HostDisk, HostNetwork, HostNetworkPackets,
        HostNetworkDropped,
    ];
}
