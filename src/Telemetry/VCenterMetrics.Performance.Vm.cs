using Observe.Telemetry.Model;
using static Observe.Telemetry.Model.MetricKind;
using static Observe.Telemetry.Model.MetricScope;

namespace Observe.Telemetry;

public static partial class VCenterMetrics
{
    /// <summary>Time that the vCPUs were ready and not run, in percent of the time that they had.</summary>
    public static readonly MetricDescriptor VmCpuReadiness = new("vcenter_vm_cpu_readiness_percent", "vcenter.vm.cpu.readiness", "%", Gauge, VCenter,
        "Time that the vCPUs were ready and not run, in percent of the time that they had");

    /// <summary>Time that the vCPUs were in a state, in percent of 20 s; 100 for each vCPU.</summary>
    public static readonly MetricDescriptor VmCpuTimePercent = new("vcenter_vm_cpu_time_percent", "vcenter.vm.cpu.time", "%", Gauge, VCenter,
        "Time that the vCPUs were in a state, in percent of 20 s; 100 for each vCPU", "cpu_state", "object");

    /// <summary>Average latency of the virtual disk in 20 s.</summary>
    public static readonly MetricDescriptor VmDiskLatencyAverage = new("vcenter_vm_disk_latency_avg_milliseconds", "vcenter.vm.disk.latency.avg", "ms", Gauge, VCenter,
        "Average latency of the virtual disk in 20 s", "direction", "disk_type", "object");

    /// <summary>Highest latency of all disks in 20 s.</summary>
    public static readonly MetricDescriptor VmDiskLatencyMax = new("vcenter_vm_disk_latency_max_milliseconds", "vcenter.vm.disk.latency.max", "ms", Gauge, VCenter,
        "Highest latency of all disks in 20 s", "object");

    /// <summary>Data read from and written to the virtual disk.</summary>
    public static readonly MetricDescriptor VmDiskThroughput = new("vcenter_vm_disk_throughput", "vcenter.vm.disk.throughput", "{KiBy/s}", Gauge, VCenter,
        "Data read from and written to the virtual disk", "direction", "object");

    /// <summary>Data received and transmitted over the network.</summary>
    public static readonly MetricDescriptor VmNetworkThroughput = new("vcenter_vm_network_throughput_bytes_per_second", "vcenter.vm.network.throughput", "By/s", Gauge, VCenter,
        "Data received and transmitted over the network", "direction", "object");

    /// <summary>Data received and transmitted over the network, together.</summary>
    public static readonly MetricDescriptor VmNetworkUsage = new("vcenter_vm_network_usage", "vcenter.vm.network.usage", "{KiBy/s}", Gauge, VCenter,
        "Data received and transmitted over the network, together", "object");

    /// <summary>Packets received and transmitted.</summary>
    public static readonly MetricDescriptor VmNetworkPacketRate = new("vcenter_vm_network_packet_rate", "vcenter.vm.network.packet.rate", "{packets/s}", Gauge, VCenter,
        "Packets received and transmitted", "direction", "object");

    /// <summary>Packets dropped on their way in and out.</summary>
    public static readonly MetricDescriptor VmNetworkPacketDropRate = new("vcenter_vm_network_packet_drop_rate", "vcenter.vm.network.packet.drop.rate", "{packets/s}", Gauge, VCenter,
        "Packets dropped on their way in and out", "direction", "object");

    /// <summary>Broadcast packets received and transmitted.</summary>
    public static readonly MetricDescriptor VmNetworkBroadcastRate = new("vcenter_vm_network_broadcast_packet_rate", "vcenter.vm.network.broadcast.packet.rate", "{packets/s}", Gauge, VCenter,
        "Broadcast packets received and transmitted", "direction", "object");

    /// <summary>Multicast packets received and transmitted.</summary>
    public static readonly MetricDescriptor VmNetworkMulticastRate = new("vcenter_vm_network_multicast_packet_rate", "vcenter.vm.network.multicast.packet.rate", "{packets/s}", Gauge, VCenter,
        "Multicast packets received and transmitted", "direction", "object");

    /// <summary>Time of all vCPUs by state as vSphere counts it: every sample of 20 s adds to it. States overlap: wait has idle and swapwait in it, ready maxlimited.</summary>
    public static readonly MetricDescriptor VmCpuTime = new("observe_vcenter_vm_cpu_time_seconds_total", "observe.vcenter.vm.cpu.time", "s", Counter, VCenter,
        "Time of all vCPUs by state as vSphere counts it: every sample of 20 s adds to it. States overlap: wait has idle and swapwait in it, ready maxlimited", "state", "object");

    /// <summary>Time ready and not run per second and vCPU, of the newest sample of 20 s.</summary>
    public static readonly MetricDescriptor VmCpuReady = new("observe_vcenter_vm_cpu_ready_ratio", "observe.vcenter.vm.cpu.ready", "1", Gauge, VCenter,
        "Time ready and not run per second and vCPU, of the newest sample of 20 s");

    /// <summary>Part of the time in which the virtual machine could not run because of others: ready, co-stop, swap-wait, hyper-threading, frequency.</summary>
    public static readonly MetricDescriptor VmCpuLatency = new("observe_vcenter_vm_cpu_latency_ratio", "observe.vcenter.vm.cpu.latency", "1", Gauge, VCenter,
        "Part of the time in which the virtual machine could not run because of others: ready, co-stop, swap-wait, hyper-threading, frequency");

    /// <summary>CPU that the virtual machine would use if nobody else were there.</summary>
    public static readonly MetricDescriptor VmCpuDemand = new("observe_vcenter_vm_cpu_demand_hertz", "observe.vcenter.vm.cpu.demand", "Hz", Gauge, VCenter,
        "CPU that the virtual machine would use if nobody else were there");

    /// <summary>CPU that the virtual machine uses.</summary>
    public static readonly MetricDescriptor VmCpuUsage = new("observe_vcenter_vm_cpu_usage_hertz", "observe.vcenter.vm.cpu.usage", "Hz", Gauge, VCenter,
        "CPU that the virtual machine uses");

    /// <summary>Memory of the virtual machine by what became of it: active, consumed, granted, ballooned, swapped, compressed.</summary>
    public static readonly MetricDescriptor VmMemory = new("observe_vcenter_vm_memory_usage_bytes", "observe.vcenter.vm.memory.usage", "By", Gauge, VCenter,
        "Memory of the virtual machine by what became of it: active, consumed, granted, ballooned, swapped, compressed", "type");

    /// <summary>Memory that the host swapped in and out.</summary>
    public static readonly MetricDescriptor VmMemorySwap = new("observe_vcenter_vm_memory_swap_bytes_total", "observe.vcenter.vm.memory.swap", "By", Counter, VCenter,
        "Memory that the host swapped in and out", "direction");

    /// <summary>Part of the time in which the virtual machine waited for memory that was swapped or compressed.</summary>
    public static readonly MetricDescriptor VmMemoryLatency = new("observe_vcenter_vm_memory_latency_ratio", "observe.vcenter.vm.memory.latency", "1", Gauge, VCenter,
        "Part of the time in which the virtual machine waited for memory that was swapped or compressed");

    /// <summary>Data read from and written to the virtual disk.</summary>
    public static readonly MetricDescriptor VmDisk = new("observe_vcenter_vm_disk_bytes_total", "observe.vcenter.vm.disk", "By", Counter, VCenter,
        "Data read from and written to the virtual disk", "direction", "object");

    /// <summary>Highest latency of all datastores in 20 s.</summary>
    public static readonly MetricDescriptor VmDatastoreLatencyMax = new("observe_vcenter_vm_datastore_latency_max_seconds", "observe.vcenter.vm.datastore.latency.max", "s", Gauge, VCenter,
        "Highest latency of all datastores in 20 s");

    /// <summary>Data received and transmitted over the network.</summary>
    public static readonly MetricDescriptor VmNetwork = new("observe_vcenter_vm_network_bytes_total", "observe.vcenter.vm.network", "By", Counter, VCenter,
        "Data received and transmitted over the network", "direction", "object");

    /// <summary>Packets received and transmitted.</summary>
    public static readonly MetricDescriptor VmNetworkPackets = new("observe_vcenter_vm_network_packets_total", "observe.vcenter.vm.network.packets", "{packet}", Counter, VCenter,
        "Packets received and transmitted", "direction", "object");

    /// <summary>Packets dropped on their way in and out.</summary>
    public static readonly MetricDescriptor VmNetworkDropped = new("observe_vcenter_vm_network_dropped_packets_total", "observe.vcenter.vm.network.dropped_packets", "{packet}", Counter, VCenter,
        "Packets dropped on their way in and out", "direction", "object");

    private static MetricDescriptor[] VmSamples =>
    [
        VmCpuReadiness, VmCpuTimePercent, VmDiskLatencyAverage, VmDiskLatencyMax, VmDiskThroughput, VmNetworkThroughput, VmNetworkUsage,
        VmNetworkPacketRate, VmNetworkPacketDropRate, VmNetworkBroadcastRate, VmNetworkMulticastRate, VmCpuTime, VmCpuReady, VmCpuLatency,
        VmCpuDemand, VmCpuUsage, VmMemory, VmMemorySwap, VmMemoryLatency, VmDisk, VmDatastoreLatencyMax, VmNetwork, VmNetworkPackets,
        VmNetworkDropped,
    ];
}
