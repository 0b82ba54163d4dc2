using System.Globalization;
using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Performance;

/// <summary>
/// What every series must be, written down by itself: metric and labels, the counter behind it, how its values become the series'
/// (as they are, added up, or for one of two vCPUs), and by what they are multiplied.
/// </summary>
internal sealed record SampleTruth(string Metric, string Labels, string Counter, string How, double Factor, string Instance)
{
    private const string Machines = """
        observe_vcenter_vm_cpu_usage_hertz|-|cpu.usagemhz.average|is|1000000
        observe_vcenter_vm_cpu_time_seconds_total|run,|cpu.run.summation|sum|0.001
        observe_vcenter_vm_cpu_time_seconds_total|ready,|cpu.ready.summation|sum|0.001
        observe_vcenter_vm_cpu_time_seconds_total|costop,|cpu.costop.summation|sum|0.001
        observe_vcenter_vm_cpu_time_seconds_total|wait,|cpu.wait.summation|sum|0.001
        observe_vcenter_vm_cpu_time_seconds_total|swapwait,|cpu.swapwait.summation|sum|0.001
        observe_vcenter_vm_cpu_time_seconds_total|overlap,|cpu.overlap.summation|sum|0.001
        observe_vcenter_vm_cpu_time_seconds_total|idle,|cpu.idle.summation|sum|0.001
        observe_vcenter_vm_cpu_time_seconds_total|maxlimited,|cpu.maxlimited.summation|sum|0.001
        observe_vcenter_vm_cpu_ready_ratio|-|cpu.ready.summation|cpu|0.00005
        vcenter_vm_cpu_readiness_percent|-|cpu.ready.summation|cpu|0.005
        observe_vcenter_vm_cpu_latency_ratio|-|cpu.latency.average|is|0.0001
        observe_vcenter_vm_cpu_demand_hertz|-|cpu.demand.average|is|1000000
        observe_vcenter_vm_memory_usage_bytes|active|mem.active.average|is|1024
        observe_vcenter_vm_memory_usage_bytes|consumed|mem.consumed.average|is|1024
        observe_vcenter_vm_memory_usage_bytes|granted|mem.granted.average|is|1024
        observe_vcenter_vm_memory_usage_bytes|ballooned|mem.vmmemctl.average|is|1024
        observe_vcenter_vm_memory_usage_bytes|swapped|mem.swapped.average|is|1024
        observe_vcenter_vm_memory_usage_bytes|compressed|mem.compressed.average|is|1024
        observe_vcenter_vm_memory_swap_bytes_total|in|mem.swapinRate.average|sum|20480
        observe_vcenter_vm_memory_swap_bytes_total|out|mem.swapoutRate.average|sum|20480
        observe_vcenter_vm_memory_latency_ratio|-|mem.latency.average|is|0.0001
        vcenter_vm_disk_latency_max_milliseconds||disk.maxTotalLatency.latest|is|1
        observe_vcenter_vm_datastore_latency_max_seconds|-|datastore.maxTotalLatency.latest|is|0.001
        vcenter_vm_disk_latency_avg_milliseconds|read,virtual,scsi0:0|virtualDisk.totalReadLatency.average|is|1|scsi0:0
        vcenter_vm_disk_latency_avg_milliseconds|write,virtual,scsi0:0|virtualDisk.totalWriteLatency.average|is|1|scsi0:0
        vcenter_vm_disk_throughput|read,scsi0:0|virtualDisk.read.average|is|1|scsi0:0
        vcenter_vm_disk_throughput|write,scsi0:0|virtualDisk.write.average|is|1|scsi0:0
        observe_vcenter_vm_disk_bytes_total|read,scsi0:0|virtualDisk.read.average|sum|20480|scsi0:0
        observe_vcenter_vm_disk_bytes_total|write,scsi0:0|virtualDisk.write.average|sum|20480|scsi0:0
        vcenter_vm_network_usage||net.usage.average|is|1
        vcenter_vm_network_throughput_bytes_per_second|received,|net.bytesRx.average|is|1024
        vcenter_vm_network_throughput_bytes_per_second|transmitted,|net.bytesTx.average|is|1024
        observe_vcenter_vm_network_bytes_total|received,|net.bytesRx.average|sum|20480
        observe_vcenter_vm_network_bytes_total|transmitted,|net.bytesTx.average|sum|20480
        vcenter_vm_network_packet_rate|received,|net.packetsRx.summation|is|0.05
        vcenter_vm_network_packet_rate|transmitted,|net.packetsTx.summation|is|0.05
        observe_vcenter_vm_network_packets_total|received,|net.packetsRx.summation|sum|1
        observe_vcenter_vm_network_packets_total|transmitted,|net.packetsTx.summation|sum|1
        vcenter_vm_network_packet_drop_rate|received,|net.droppedRx.summation|is|0.05
        vcenter_vm_network_packet_drop_rate|transmitted,|net.droppedTx.summation|is|0.05
        observe_vcenter_vm_network_dropped_packets_total|received,|net.droppedRx.summation|sum|1
        observe_vcenter_vm_network_dropped_packets_total|transmitted,|net.droppedTx.summation|sum|1
        """;

    private const string Hosts = """
        observe_vcenter_host_cpu_usage_hertz|-|cpu.usagemhz.average|is|1000000
        observe_vcenter_host_cpu_utilization_ratio|-|cpu.usage.average|is|0.0001
        observe_vcenter_host_cpu_time_seconds_total|used,|cpu.used.summation|sum|0.001
        observe_vcenter_host_cpu_time_seconds_total|ready,|cpu.ready.summation|sum|0.001
        observe_vcenter_host_cpu_time_seconds_total|costop,|cpu.costop.summation|sum|0.001
        observe_vcenter_host_cpu_time_seconds_total|wait,|cpu.wait.summation|sum|0.001
        observe_vcenter_host_cpu_time_seconds_total|swapwait,|cpu.swapwait.summation|sum|0.001
        observe_vcenter_host_cpu_time_seconds_total|idle,|cpu.idle.summation|sum|0.001
        observe_vcenter_host_cpu_latency_ratio|-|cpu.latency.average|is|0.0001
        observe_vcenter_host_cpu_demand_hertz|-|cpu.demand.average|is|1000000
        vcenter_host_cpu_reserved_MHz|total|cpu.totalCapacity.average|is|1
        vcenter_host_cpu_reserved_MHz|used|cpu.reservedCapacity.average|is|1
        observe_vcenter_host_memory_usage_bytes|active|mem.active.average|is|1024
        observe_vcenter_host_memory_usage_bytes|consumed|mem.consumed.average|is|1024
        observe_vcenter_host_memory_usage_bytes|granted|mem.granted.average|is|1024
        observe_vcenter_host_memory_usage_bytes|ballooned|mem.vmmemctl.average|is|1024
        observe_vcenter_host_memory_usage_bytes|swapped|mem.swapused.average|is|1024
        observe_vcenter_host_memory_usage_bytes|compressed|mem.compressed.average|is|1024
        observe_vcenter_host_memory_swap_bytes_total|in|mem.swapinRate.average|sum|20480
        observe_vcenter_host_memory_swap_bytes_total|out|mem.swapoutRate.average|sum|20480
        observe_vcenter_host_memory_latency_ratio|-|mem.latency.average|is|0.0001
        vcenter_host_disk_latency_max_milliseconds||disk.maxTotalLatency.latest|is|1
        vcenter_host_disk_latency_avg_milliseconds|read,|disk.totalReadLatency.average|is|1
        vcenter_host_disk_latency_avg_milliseconds|write,|disk.totalWriteLatency.average|is|1
        vcenter_host_disk_latency_avg_milliseconds|read,naa.600508b1001c7000|disk.totalReadLatency.average|is|1|naa.600508b1001c7000
        vcenter_host_disk_latency_avg_milliseconds|write,naa.600508b1001c7000|disk.totalWriteLatency.average|is|1|naa.600508b1001c7000
        vcenter_host_disk_throughput|read,|disk.read.average|is|1
        vcenter_host_disk_throughput|write,|disk.write.average|is|1
        observe_vcenter_host_disk_bytes_total|read,|disk.read.average|sum|20480
        observe_vcenter_host_disk_bytes_total|write,|disk.write.average|sum|20480
        vcenter_host_network_usage||net.usage.average|is|1
        vcenter_host_network_throughput|received,|net.bytesRx.average|is|1
        vcenter_host_network_throughput|transmitted,|net.bytesTx.average|is|1
        observe_vcenter_host_network_bytes_total|received,|net.bytesRx.average|sum|20480
        observe_vcenter_host_network_bytes_total|transmitted,|net.bytesTx.average|sum|20480
        vcenter_host_network_packet_rate|received,|net.packetsRx.summation|is|0.05
        vcenter_host_network_packet_rate|transmitted,|net.packetsTx.summation|is|0.05
        observe_vcenter_host_network_packets_total|received,|net.packetsRx.summation|sum|1
        observe_vcenter_host_network_packets_total|transmitted,|net.packetsTx.summation|sum|1
        vcenter_host_network_packet_drop_rate|received,|net.droppedRx.summation|is|0.05
        vcenter_host_network_packet_drop_rate|transmitted,|net.droppedTx.summation|is|0.05
        observe_vcenter_host_network_dropped_packets_total|received,|net.droppedRx.summation|sum|1
        observe_vcenter_host_network_dropped_packets_total|transmitted,|net.droppedTx.summation|sum|1
        vcenter_host_network_packet_error_rate|received,|net.errorsRx.summation|is|0.05
        vcenter_host_network_packet_error_rate|transmitted,|net.errorsTx.summation|is|0.05
        """;

    public static IReadOnlyList<SampleTruth> OfMachines { get; } = Parse(Machines);

    public static IReadOnlyList<SampleTruth> OfHosts { get; } = Parse(Hosts);

    /// <summary>Its values, one for each of some samples that follow each other.</summary>
    public IEnumerable<double> Values(ManagedObject entity, IEnumerable<DateTimeOffset> stamps)
    {
        var sum = 0L;
        foreach (var stamp in stamps)
        {
            var value = FakePerformance.Truth(entity, Counter, Instance, stamp);
            sum += value;
            yield return How switch { "sum" => sum * Factor, "cpu" => value * Factor / 2, _ => value * Factor };
        }
    }

    private static List<SampleTruth> Parse(string rows) =>
    [
        .. rows.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('|')).Select(cells =>
            new SampleTruth(cells[0], cells[1] == "-" ? "" : cells[1], cells[2], cells[3], double.Parse(cells[4], CultureInfo.InvariantCulture), cells.Length > 5 ? cells[5] : "")),
    ];
}
