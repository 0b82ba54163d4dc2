using System.Text.Json.Serialization;

namespace Observe.Collectors.Docker.Api;

/// <summary>What <c>GET /containers/ID/stats</c> says. What a kernel or an engine does not count is null or empty.</summary>
internal sealed record ContainerStats
{
    /// <summary>When it was read, by the engine's clock.</summary>
    [JsonPropertyName("read")]
    public DateTimeOffset Read { get; init; }

    [JsonPropertyName("pids_stats")]
    public PidsStats? Pids { get; init; }

    [JsonPropertyName("cpu_stats")]
    public CpuStats? Cpu { get; init; }

    [JsonPropertyName("memory_stats")]
    public MemoryStats? Memory { get; init; }

    [JsonPropertyName("blkio_stats")]
    public BlockStats? Block { get; init; }

    [JsonPropertyName("networks")]
    public Dictionary<string, NetworkStats>? Networks { get; init; }

    internal sealed record PidsStats
    {
        [JsonPropertyName("current")]
        public ulong? Current { get; init; }

        [JsonPropertyName("limit")]
        public ulong? Limit { get; init; }
    }

    internal sealed record CpuStats
    {
        [JsonPropertyName("cpu_usage")]
        public CpuUsage? Usage { get; init; }

        [JsonPropertyName("system_cpu_usage")]
        public ulong? System { get; init; }

        [JsonPropertyName("online_cpus")]
        public uint? Online { get; init; }

        [JsonPropertyName("throttling_data")]
        public ThrottlingData? Throttling { get; init; }
    }

    internal sealed record CpuUsage
    {
        [JsonPropertyName("total_usage")]
        public ulong? Total { get; init; }

        [JsonPropertyName("usage_in_kernelmode")]
        public ulong? Kernel { get; init; }

        [JsonPropertyName("usage_in_usermode")]
        public ulong? User { get; init; }

        [JsonPropertyName("percpu_usage")]
        public IReadOnlyList<ulong>? PerCpu { get; init; }
    }

    internal sealed record ThrottlingData
    {
        [JsonPropertyName("periods")]
        public ulong? Periods { get; init; }

        [JsonPropertyName("throttled_periods")]
        public ulong? ThrottledPeriods { get; init; }

        [JsonPropertyName("throttled_time")]
        public ulong? ThrottledTime { get; init; }
    }

    internal sealed record MemoryStats
    {
        [JsonPropertyName("usage")]
        public ulong? Usage { get; init; }

        [JsonPropertyName("max_usage")]
        public ulong? MaxUsage { get; init; }

        [JsonPropertyName("failcnt")]
        public ulong? Fails { get; init; }

        [JsonPropertyName("limit")]
        public ulong? Limit { get; init; }

        /// <summary>The kernel's <c>memory.stat</c>, whose fields differ between cgroup v1 and v2.</summary>
        [JsonPropertyName("stats")]
        public Dictionary<string, ulong>? Fields { get; init; }

        /// <summary>A field; null where the kernel has none of that name.</summary>
        public ulong? Field(string name) => Fields is not null && Fields.TryGetValue(name, out var value) ? value : null;
    }

    internal sealed record BlockStats
    {
        [JsonPropertyName("io_service_bytes_recursive")]
        public IReadOnlyList<BlockEntry>? Bytes { get; init; }

        [JsonPropertyName("io_serviced_recursive")]
        public IReadOnlyList<BlockEntry>? Serviced { get; init; }

        [JsonPropertyName("io_queue_recursive")]
        public IReadOnlyList<BlockEntry>? Queued { get; init; }

        [JsonPropertyName("io_service_time_recursive")]
        public IReadOnlyList<BlockEntry>? ServiceTime { get; init; }

        [JsonPropertyName("io_wait_time_recursive")]
        public IReadOnlyList<BlockEntry>? WaitTime { get; init; }

        [JsonPropertyName("io_merged_recursive")]
        public IReadOnlyList<BlockEntry>? Merged { get; init; }

        [JsonPropertyName("io_time_recursive")]
        public IReadOnlyList<BlockEntry>? Time { get; init; }

        [JsonPropertyName("sectors_recursive")]
        public IReadOnlyList<BlockEntry>? Sectors { get; init; }
    }

    internal readonly record struct BlockEntry(
        [property: JsonPropertyName("major")] ulong Major,
        [property: JsonPropertyName("minor")] ulong Minor,
        [property: JsonPropertyName("op")] string? Operation,
        [property: JsonPropertyName("value")] ulong Value);

    internal readonly record struct NetworkStats(
        [property: JsonPropertyName("rx_bytes")] ulong RxBytes,
        [property: JsonPropertyName("rx_packets")] ulong RxPackets,
        [property: JsonPropertyName("rx_errors")] ulong RxErrors,
        [property: JsonPropertyName("rx_dropped")] ulong RxDropped,
        [property: JsonPropertyName("tx_bytes")] ulong TxBytes,
        [property: JsonPropertyName("tx_packets")] ulong TxPackets,
        [property: JsonPropertyName("tx_errors")] ulong TxErrors,
        [property: JsonPropertyName("tx_dropped")] ulong TxDropped);
}
