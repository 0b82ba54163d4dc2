using Observe.Telemetry.Model;
using static Observe.Telemetry.Model.MetricKind;
using static Observe.Telemetry.Model.MetricScope;

namespace Observe.Telemetry;

/// <summary>
/// What container engines say of containers. Names and units are those that the OpenTelemetry collector's dockerstatsreceiver gave
/// them, so that its dashboards work; but for percentages, which it calls ratios, and four counters (total_pgfault and its like)
/// whose Prometheus name is that of their twins without total. Rows of <see cref="MetricCatalog"/>.
/// </summary>
public static class ContainerMetrics
{
    /// <summary>CPU time of the container, as the engine counts it.</summary>
    public static readonly MetricDescriptor CpuUsageTotal = new("container_cpu_usage_nanoseconds_total", "container.cpu.usage.total", "ns", Counter, Workload,
        "CPU time of the container, as the engine counts it");

    /// <summary>CPU time of the container in the kernel, as the engine counts it.</summary>
    public static readonly MetricDescriptor CpuUsageKernel = new("container_cpu_usage_kernelmode_nanoseconds_total", "container.cpu.usage.kernelmode", "ns", Counter, Workload,
        "CPU time of the container in the kernel, as the engine counts it");

    /// <summary>CPU time of the container in user mode, as the engine counts it.</summary>
    public static readonly MetricDescriptor CpuUsageUser = new("container_cpu_usage_usermode_nanoseconds_total", "container.cpu.usage.usermode", "ns", Counter, Workload,
        "CPU time of the container in user mode, as the engine counts it");

    /// <summary>CPU time of the container on each CPU, as the engine counts it (cgroup v1).</summary>
    public static readonly MetricDescriptor CpuUsagePerCpu = new("container_cpu_usage_percpu_nanoseconds_total", "container.cpu.usage.percpu", "ns", Counter, Workload,
        "CPU time of the container on each CPU, as the engine counts it (cgroup v1)", "core");

    /// <summary>CPU time of the whole host when the container was read, as the engine counts it.</summary>
    public static readonly MetricDescriptor CpuUsageSystem = new("container_cpu_usage_system_nanoseconds_total", "container.cpu.usage.system", "ns", Counter, Workload,
        "CPU time of the whole host when the container was read, as the engine counts it");

    /// <summary>CPU time of the container between two samples in percent of one CPU, as docker stats shows it.</summary>
    public static readonly MetricDescriptor CpuUtilization = new("container_cpu_utilization_percent", "container.cpu.utilization", "%", Gauge, Workload,
        "CPU time of the container between two samples in percent of one CPU, as docker stats shows it");

    /// <summary>Enforcement periods of the CPU quota in which the container ran, as the engine counts them.</summary>
    public static readonly MetricDescriptor CpuThrottlingPeriods = new("container_cpu_throttling_data_periods_total", "container.cpu.throttling_data.periods", "{period}", Counter, Workload,
        "Enforcement periods of the CPU quota in which the container ran, as the engine counts them");

    /// <summary>Enforcement periods of the CPU quota in which the container was throttled, as the engine counts them.</summary>
    public static readonly MetricDescriptor CpuThrottlingThrottledPeriods = new("container_cpu_throttling_data_throttled_periods_total", "container.cpu.throttling_data.throttled_periods", "{period}", Counter, Workload,
        "Enforcement periods of the CPU quota in which the container was throttled, as the engine counts them");

    /// <summary>Time the container was throttled, summed over CPUs, as the engine counts it.</summary>
    public static readonly MetricDescriptor CpuThrottlingThrottledTime = new("container_cpu_throttling_data_throttled_time_nanoseconds_total", "container.cpu.throttling_data.throttled_time", "ns", Counter, Workload,
        "Time the container was throttled, summed over CPUs, as the engine counts it");

    /// <summary>CPUs that the container may use at most: its quota, or the CPUs it is bound to; absent without a limit.</summary>
    public static readonly MetricDescriptor CpuLimit = new("container_cpu_limit", "container.cpu.limit", "{cpu}", Gauge, Workload,
        "CPUs that the container may use at most: its quota, or the CPUs it is bound to; absent without a limit");

    /// <summary>CPUs of the host that are online.</summary>
    public static readonly MetricDescriptor CpuLogicalCount = new("container_cpu_logical_count", "container.cpu.logical.count", "{cpu}", Gauge, Workload,
        "CPUs of the host that are online");

    /// <summary>CPU shares that the container was given; absent if it was given none.</summary>
    public static readonly MetricDescriptor CpuShares = new("container_cpu_shares", "container.cpu.shares", "{share}", Gauge, Workload,
        "CPU shares that the container was given; absent if it was given none");

    /// <summary>Memory of the container without inactive file cache, as docker stats shows it.</summary>
    public static readonly MetricDescriptor MemoryUsageTotal = new("container_memory_usage_total_bytes", "container.memory.usage.total", "By", Gauge, Workload,
        "Memory of the container without inactive file cache, as docker stats shows it");

    /// <summary>Memory that the container may use; without a limit, that of the host.</summary>
    public static readonly MetricDescriptor MemoryUsageLimit = new("container_memory_usage_limit_bytes", "container.memory.usage.limit", "By", Gauge, Workload,
        "Memory that the container may use; without a limit, that of the host");

    /// <summary>Most memory that the container has used at a time (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryUsageMax = new("container_memory_usage_max_bytes", "container.memory.usage.max", "By", Gauge, Workload,
        "Most memory that the container has used at a time (cgroup v1)");

    /// <summary>Memory of the container in percent of its limit, as docker stats shows it.</summary>
    public static readonly MetricDescriptor MemoryPercent = new("container_memory_percent", "container.memory.percent", "%", Gauge, Workload,
        "Memory of the container in percent of its limit, as docker stats shows it");

    /// <summary>Times that the memory limit was hit, as the engine counts it.</summary>
    public static readonly MetricDescriptor MemoryFails = new("container_memory_fails_total", "container.memory.fails", "{fail}", Counter, Workload,
        "Times that the memory limit was hit, as the engine counts it");

    /// <summary>Anonymous memory that the kernel takes for active.</summary>
    public static readonly MetricDescriptor MemoryActiveAnon = new("container_memory_active_anon_bytes", "container.memory.active_anon", "By", Gauge, Workload,
        "Anonymous memory that the kernel takes for active");

    /// <summary>File cache that the kernel takes for active.</summary>
    public static readonly MetricDescriptor MemoryActiveFile = new("container_memory_active_file_bytes", "container.memory.active_file", "By", Gauge, Workload,
        "File cache that the kernel takes for active");

    /// <summary>Memory in anonymous mappings (cgroup v2).</summary>
    public static readonly MetricDescriptor MemoryAnon = new("container_memory_anon_bytes", "container.memory.anon", "By", Gauge, Workload,
        "Memory in anonymous mappings (cgroup v2)");

    /// <summary>Memory that belongs to blocks of a device (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryCache = new("container_memory_cache_bytes", "container.memory.cache", "By", Gauge, Workload,
        "Memory that belongs to blocks of a device (cgroup v1)");

    /// <summary>File cache that has to be written (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryDirty = new("container_memory_dirty_bytes", "container.memory.dirty", "By", Gauge, Workload,
        "File cache that has to be written (cgroup v1)");

    /// <summary>File cache, with tmpfs and shared memory (cgroup v2).</summary>
    public static readonly MetricDescriptor MemoryFile = new("container_memory_file_bytes", "container.memory.file", "By", Gauge, Workload,
        "File cache, with tmpfs and shared memory (cgroup v2)");

    /// <summary>Memory limit of the container or of a cgroup around it, whichever is less (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryHierarchicalMemoryLimit = new("container_memory_hierarchical_memory_limit_bytes", "container.memory.hierarchical_memory_limit", "By", Gauge, Workload,
        "Memory limit of the container or of a cgroup around it, whichever is less (cgroup v1)");

    /// <summary>Limit of memory and swap together, of the container or of a cgroup around it (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryHierarchicalMemswLimit = new("container_memory_hierarchical_memsw_limit_bytes", "container.memory.hierarchical_memsw_limit", "By", Gauge, Workload,
        "Limit of memory and swap together, of the container or of a cgroup around it (cgroup v1)");

    /// <summary>Anonymous memory that the kernel takes for inactive.</summary>
    public static readonly MetricDescriptor MemoryInactiveAnon = new("container_memory_inactive_anon_bytes", "container.memory.inactive_anon", "By", Gauge, Workload,
        "Anonymous memory that the kernel takes for inactive");

    /// <summary>File cache that the kernel takes for inactive.</summary>
    public static readonly MetricDescriptor MemoryInactiveFile = new("container_memory_inactive_file_bytes", "container.memory.inactive_file", "By", Gauge, Workload,
        "File cache that the kernel takes for inactive");

    /// <summary>Memory of mapped files (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryMappedFile = new("container_memory_mapped_file_bytes", "container.memory.mapped_file", "By", Gauge, Workload,
        "Memory of mapped files (cgroup v1)");

    /// <summary>Page faults.</summary>
    public static readonly MetricDescriptor MemoryPgfault = new("container_memory_pgfault_total", "container.memory.pgfault", "{fault}", Counter, Workload,
        "Page faults");

    /// <summary>Page faults that had to wait for a device.</summary>
    public static readonly MetricDescriptor MemoryPgmajfault = new("container_memory_pgmajfault_total", "container.memory.pgmajfault", "{fault}", Counter, Workload,
        "Page faults that had to wait for a device");

    /// <summary>Pages charged to the cgroup (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryPgpgin = new("container_memory_pgpgin_total", "container.memory.pgpgin", "{operation}", Counter, Workload,
        "Pages charged to the cgroup (cgroup v1)");

    /// <summary>Pages no longer charged to the cgroup (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryPgpgout = new("container_memory_pgpgout_total", "container.memory.pgpgout", "{operation}", Counter, Workload,
        "Pages no longer charged to the cgroup (cgroup v1)");

    /// <summary>Anonymous memory and swap cache (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryRss = new("container_memory_rss_bytes", "container.memory.rss", "By", Gauge, Workload,
        "Anonymous memory and swap cache (cgroup v1)");

    /// <summary>Anonymous transparent huge pages (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryRssHuge = new("container_memory_rss_huge_bytes", "container.memory.rss_huge", "By", Gauge, Workload,
        "Anonymous transparent huge pages (cgroup v1)");

    /// <summary>Memory that cannot be reclaimed.</summary>
    public static readonly MetricDescriptor MemoryUnevictable = new("container_memory_unevictable_bytes", "container.memory.unevictable", "By", Gauge, Workload,
        "Memory that cannot be reclaimed");

    /// <summary>File cache that is being written (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryWriteback = new("container_memory_writeback_bytes", "container.memory.writeback", "By", Gauge, Workload,
        "File cache that is being written (cgroup v1)");

    /// <summary>Anonymous memory that the kernel takes for active, with that of cgroups beneath (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryTotalActiveAnon = new("container_memory_total_active_anon_bytes", "container.memory.total_active_anon", "By", Gauge, Workload,
        "Anonymous memory that the kernel takes for active, with that of cgroups beneath (cgroup v1)");

    /// <summary>File cache that the kernel takes for active, with that of cgroups beneath (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryTotalActiveFile = new("container_memory_total_active_file_bytes", "container.memory.total_active_file", "By", Gauge, Workload,
        "File cache that the kernel takes for active, with that of cgroups beneath (cgroup v1)");

    /// <summary>Memory that belongs to blocks of a device, with that of cgroups beneath (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryTotalCache = new("container_memory_total_cache_bytes", "container.memory.total_cache", "By", Gauge, Workload,
        "Memory that belongs to blocks of a device, with that of cgroups beneath (cgroup v1)");

    /// <summary>File cache that has to be written, with that of cgroups beneath (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryTotalDirty = new("container_memory_total_dirty_bytes", "container.memory.total_dirty", "By", Gauge, Workload,
        "File cache that has to be written, with that of cgroups beneath (cgroup v1)");

    /// <summary>Anonymous memory that the kernel takes for inactive, with that of cgroups beneath (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryTotalInactiveAnon = new("container_memory_total_inactive_anon_bytes", "container.memory.total_inactive_anon", "By", Gauge, Workload,
        "Anonymous memory that the kernel takes for inactive, with that of cgroups beneath (cgroup v1)");

    /// <summary>File cache that the kernel takes for inactive, with that of cgroups beneath (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryTotalInactiveFile = new("container_memory_total_inactive_file_bytes", "container.memory.total_inactive_file", "By", Gauge, Workload,
        "File cache that the kernel takes for inactive, with that of cgroups beneath (cgroup v1)");

    /// <summary>Memory of mapped files, with that of cgroups beneath (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryTotalMappedFile = new("container_memory_total_mapped_file_bytes", "container.memory.total_mapped_file", "By", Gauge, Workload,
        "Memory of mapped files, with that of cgroups beneath (cgroup v1)");

    /// <summary>Anonymous memory and swap cache, with that of cgroups beneath (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryTotalRss = new("container_memory_total_rss_bytes", "container.memory.total_rss", "By", Gauge, Workload,
        "Anonymous memory and swap cache, with that of cgroups beneath (cgroup v1)");

    /// <summary>Anonymous transparent huge pages, with that of cgroups beneath (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryTotalRssHuge = new("container_memory_total_rss_huge_bytes", "container.memory.total_rss_huge", "By", Gauge, Workload,
        "Anonymous transparent huge pages, with that of cgroups beneath (cgroup v1)");

    /// <summary>Memory that cannot be reclaimed, with that of cgroups beneath (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryTotalUnevictable = new("container_memory_total_unevictable_bytes", "container.memory.total_unevictable", "By", Gauge, Workload,
        "Memory that cannot be reclaimed, with that of cgroups beneath (cgroup v1)");

    /// <summary>File cache that is being written, with that of cgroups beneath (cgroup v1).</summary>
    public static readonly MetricDescriptor MemoryTotalWriteback = new("container_memory_total_writeback_bytes", "container.memory.total_writeback", "By", Gauge, Workload,
        "File cache that is being written, with that of cgroups beneath (cgroup v1)");

    /// <summary>Bytes received by the container.</summary>
    public static readonly MetricDescriptor NetworkRxBytes = new("container_network_io_usage_rx_bytes_total", "container.network.io.usage.rx_bytes", "By", Counter, Workload,
        "Bytes received by the container", "interface");

    /// <summary>Packets dropped on receipt by the container.</summary>
    public static readonly MetricDescriptor NetworkRxDropped = new("container_network_io_usage_rx_dropped_total", "container.network.io.usage.rx_dropped", "{packet}", Counter, Workload,
        "Packets dropped on receipt by the container", "interface");

    /// <summary>Errors on receipt by the container.</summary>
    public static readonly MetricDescriptor NetworkRxErrors = new("container_network_io_usage_rx_errors_total", "container.network.io.usage.rx_errors", "{error}", Counter, Workload,
        "Errors on receipt by the container", "interface");

    /// <summary>Packets received by the container.</summary>
    public static readonly MetricDescriptor NetworkRxPackets = new("container_network_io_usage_rx_packets_total", "container.network.io.usage.rx_packets", "{packet}", Counter, Workload,
        "Packets received by the container", "interface");

    /// <summary>Bytes sent by the container.</summary>
    public static readonly MetricDescriptor NetworkTxBytes = new("container_network_io_usage_tx_bytes_total", "container.network.io.usage.tx_bytes", "By", Counter, Workload,
        "Bytes sent by the container", "interface");

    /// <summary>Packets dropped on sending by the container.</summary>
    public static readonly MetricDescriptor NetworkTxDropped = new("container_network_io_usage_tx_dropped_total", "container.network.io.usage.tx_dropped", "{packet}", Counter, Workload,
        "Packets dropped on sending by the container", "interface");

    /// <summary>Errors on sending by the container.</summary>
    public static readonly MetricDescriptor NetworkTxErrors = new("container_network_io_usage_tx_errors_total", "container.network.io.usage.tx_errors", "{error}", Counter, Workload,
        "Errors on sending by the container", "interface");

    /// <summary>Packets sent by the container.</summary>
    public static readonly MetricDescriptor NetworkTxPackets = new("container_network_io_usage_tx_packets_total", "container.network.io.usage.tx_packets", "{packet}", Counter, Workload,
        "Packets sent by the container", "interface");

    /// <summary>Bytes read and written, by device.</summary>
    public static readonly MetricDescriptor BlockBytes = new("container_blockio_io_service_bytes_recursive_total", "container.blockio.io_service_bytes_recursive", "By", Counter, Workload,
        "Bytes read and written, by device", "device_major", "device_minor", "operation");

    /// <summary>Requests to devices (cgroup v1), by device.</summary>
    public static readonly MetricDescriptor BlockServiced = new("container_blockio_io_serviced_recursive_total", "container.blockio.io_serviced_recursive", "{operation}", Counter, Workload,
        "Requests to devices (cgroup v1), by device", "device_major", "device_minor", "operation");

    /// <summary>Requests that are queued (cgroup v1), by device.</summary>
    public static readonly MetricDescriptor BlockQueued = new("container_blockio_io_queued_recursive_total", "container.blockio.io_queued_recursive", "{operation}", Counter, Workload,
        "Requests that are queued (cgroup v1), by device", "device_major", "device_minor", "operation");

    /// <summary>Time from dispatch of requests to their completion (cgroup v1), by device.</summary>
    public static readonly MetricDescriptor BlockServiceTime = new("container_blockio_io_service_time_recursive_nanoseconds_total", "container.blockio.io_service_time_recursive", "ns", Counter, Workload,
        "Time from dispatch of requests to their completion (cgroup v1), by device", "device_major", "device_minor", "operation");

    /// <summary>Time that requests waited in the queues of the I/O scheduler (cgroup v1), by device.</summary>
    public static readonly MetricDescriptor BlockWaitTime = new("container_blockio_io_wait_time_recursive_nanoseconds_total", "container.blockio.io_wait_time_recursive", "ns", Counter, Workload,
        "Time that requests waited in the queues of the I/O scheduler (cgroup v1), by device", "device_major", "device_minor", "operation");

    /// <summary>Requests merged into others (cgroup v1), by device.</summary>
    public static readonly MetricDescriptor BlockMerged = new("container_blockio_io_merged_recursive_total", "container.blockio.io_merged_recursive", "{operation}", Counter, Workload,
        "Requests merged into others (cgroup v1), by device", "device_major", "device_minor", "operation");

    /// <summary>Time that devices were given to the container (cgroup v1), by device.</summary>
    public static readonly MetricDescriptor BlockTime = new("container_blockio_io_time_recursive_milliseconds_total", "container.blockio.io_time_recursive", "ms", Counter, Workload,
        "Time that devices were given to the container (cgroup v1), by device", "device_major", "device_minor", "operation");

    /// <summary>Sectors read and written (cgroup v1), by device.</summary>
    public static readonly MetricDescriptor BlockSectors = new("container_blockio_sectors_recursive_total", "container.blockio.sectors_recursive", "{sector}", Counter, Workload,
        "Sectors read and written (cgroup v1), by device", "device_major", "device_minor", "operation");

    /// <summary>Processes and threads in the container.</summary>
    public static readonly MetricDescriptor PidsCount = new("container_pids_count", "container.pids.count", "{pid}", Gauge, Workload,
        "Processes and threads in the container");

    /// <summary>Processes and threads that may be in the container; absent without a limit.</summary>
    public static readonly MetricDescriptor PidsLimit = new("container_pids_limit", "container.pids.limit", "{pid}", Gauge, Workload,
        "Processes and threads that may be in the container; absent without a limit");

    /// <summary>Times that the engine restarted the container because it had ended.</summary>
    public static readonly MetricDescriptor Restarts = new("container_restarts_total", "container.restarts", "{restart}", Counter, Workload,
        "Times that the engine restarted the container because it had ended");

    /// <summary>1 for the state that the container is in.</summary>
    public static readonly MetricDescriptor Status = new("container_status", "container.status", "{status}", Gauge, Workload,
        "1 for the state that the container is in", "status");

    /// <summary>1 for what the last health checks of the container found; absent without a check.</summary>
    public static readonly MetricDescriptor Health = new("container_state_health_status", "container.state.health.status", "{status}", Gauge, Workload,
        "1 for what the last health checks of the container found; absent without a check", "status");

    /// <summary>Time since the container was started.</summary>
    public static readonly MetricDescriptor Uptime = new("container_uptime_seconds", "container.uptime", "s", Gauge, Workload,
        "Time since the container was started");

    /// <summary>What the last process of a container that has ended returned.</summary>
    public static readonly MetricDescriptor ExitCode = new("observe_container_exit_code", "observe.container.exit_code", "{code}", Gauge, Workload,
        "What the last process of a container that has ended returned");

    /// <summary>Times the container ended since the agent knows it, by what it returned.</summary>
    public static readonly MetricDescriptor Exits = new("observe_container_exits_total", "observe.container.exits", "{exit}", Counter, Workload,
        "Times the container ended since the agent knows it, by what it returned", "exit_code");

    /// <summary>Kills in the container for want of memory that the engine told of; it misses some, observe_oom_kills_total does not.</summary>
    public static readonly MetricDescriptor OomKills = new("observe_container_oom_kills_total", "observe.container.oom_kills", "{kill}", Counter, Workload,
        "Kills in the container for want of memory that the engine told of; it misses some, observe_oom_kills_total does not");

    /// <summary>All rows, in the order they are exported.</summary>
    public static IReadOnlyList<MetricDescriptor> All { get; } =
    [
        CpuUsageTotal, CpuUsageKernel, CpuUsageUser, CpuUsagePerCpu, CpuUsageSystem,
        CpuUtilization, CpuThrottlingPeriods, CpuThrottlingThrottledPeriods, CpuThrottlingThrottledTime, CpuLimit,
        CpuLogicalCount, CpuShares, MemoryUsageTotal, MemoryUsageLimit, MemoryUsageMax,
        MemoryPercent, MemoryFails, MemoryActiveAnon, MemoryActiveFile, MemoryAnon,
        MemoryCache, MemoryDirty, MemoryFile, MemoryHierarchicalMemoryLimit, MemoryHierarchicalMemswLimit,
        MemoryInactiveAnon, MemoryInactiveFile, MemoryMappedFile, MemoryPgfault, MemoryPgmajfault,
        MemoryPgpgin, MemoryPgpgout, MemoryRss, MemoryRssHuge, MemoryUnevictable,
        MemoryWriteback, MemoryTotalActiveAnon, MemoryTotalActiveFile, MemoryTotalCache, MemoryTotalDirty,
        MemoryTotalInactiveAnon, MemoryTotalInactiveFile, MemoryTotalMappedFile,
        MemoryTotalRss, MemoryTotalRssHuge, MemoryTotalUnevictable,
        MemoryTotalWriteback, NetworkRxBytes, NetworkRxDropped, NetworkRxErrors, NetworkRxPackets,
        NetworkTxBytes, NetworkTxDropped, NetworkTxErrors, NetworkTxPackets, BlockBytes,
        BlockServiced, BlockQueued, BlockServiceTime, BlockWaitTime, BlockMerged,
        BlockTime, BlockSectors, PidsCount, PidsLimit, Restarts,
        Status, Health, Uptime, ExitCode, Exits,
        OomKills,
    ];
}
