using Observe.Collectors.Docker.Api;
using Observe.Telemetry.Model;
using static Observe.Telemetry.ContainerMetrics;

namespace Observe.Collectors.Docker.Stats;

/// <summary>The numbers of a sample that there is one of a container.</summary>
internal static class StatMetrics
{
    /// <summary>What is always exported.</summary>
    public static IReadOnlyList<StatMetric> Usual { get; } =
    [
        new(CpuUsageTotal, stats => stats.Cpu?.Usage?.Total),
        new(CpuUsageKernel, stats => stats.Cpu?.Usage?.Kernel),
        new(CpuUsageUser, stats => stats.Cpu?.Usage?.User),
        new(CpuThrottlingPeriods, stats => stats.Cpu?.Throttling?.Periods),
        new(CpuThrottlingThrottledPeriods, stats => stats.Cpu?.Throttling?.ThrottledPeriods),
        new(CpuThrottlingThrottledTime, stats => stats.Cpu?.Throttling?.ThrottledTime),
        new(MemoryUsageTotal, stats => DockerMemory.Used(stats.Memory)),
        new(MemoryUsageLimit, stats => stats.Memory?.Limit),
        new(MemoryPercent, stats => DockerMemory.Percent(stats.Memory)),
        Field(MemoryFile, "file"),
        Field(MemoryTotalCache, "total_cache"),
        new(PidsCount, stats => stats.Pids?.Current),
    ];

    /// <summary>What is exported besides if all is wanted.</summary>
    public static IReadOnlyList<StatMetric> Detail { get; } =
    [
        new(CpuUsageSystem, stats => stats.Cpu?.System),
        new(CpuLogicalCount, stats => stats.Cpu?.Online),
        new(MemoryUsageMax, stats => stats.Memory?.MaxUsage),
        new(MemoryFails, stats => stats.Memory?.Fails),
        new(PidsLimit, stats => stats.Pids?.Limit is > 0 and < long.MaxValue and var limit ? limit : null), // without one: 0, or 2^64 - 1
        Field(MemoryActiveAnon, "active_anon"), Field(MemoryActiveFile, "active_file"), Field(MemoryAnon, "anon"), Field(MemoryCache, "cache"),
        Field(MemoryDirty, "dirty"), Field(MemoryHierarchicalMemoryLimit, "hierarchical_memory_limit"), Field(MemoryHierarchicalMemswLimit, "hierarchical_memsw_limit"),
        Field(MemoryInactiveAnon, "inactive_anon"), Field(MemoryInactiveFile, "inactive_file"), Field(MemoryMappedFile, "mapped_file"),
        Field(MemoryPgfault, "pgfault"), Field(MemoryPgmajfault, "pgmajfault"), Field(MemoryPgpgin, "pgpgin"), Field(MemoryPgpgout, "pgpgout"),
        Field(MemoryRss, "rss"), Field(MemoryRssHuge, "rss_huge"), Field(MemoryUnevictable, "unevictable"), Field(MemoryWriteback, "writeback"),
        Field(MemoryTotalActiveAnon, "total_active_anon"), Field(MemoryTotalActiveFile, "total_active_file"), Field(MemoryTotalDirty, "total_dirty"),
        Field(MemoryTotalInactiveAnon, "total_inactive_anon"), Field(MemoryTotalInactiveFile, "total_inactive_file"), Field(MemoryTotalMappedFile, "total_mapped_file"),
        Field(MemoryTotalRss, "total_rss"), Field(MemoryTotalRssHuge, "total_rss_huge"), Field(MemoryTotalUnevictable, "total_unevictable"),
        Field(MemoryTotalWriteback, "total_writeback"),
    ];

    private static StatMetric Field(MetricDescriptor metric, string name) => new(metric, stats => stats.Memory?.Field(name));
}
