using System.Diagnostics;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Self;

/// <summary>The agent itself: its version, what it costs, and what it lost.</summary>
public sealed class SelfCollector : ICollector
{
    /// <summary>Listing thousands of descriptors takes tens of ms: as many as one a cgroup file is normal here.</summary>
    private static readonly TimeSpan DescriptorInterval = TimeSpan.FromMinutes(1);

    private readonly LossCounters losses;
    private readonly AgentPrivileges? privileges;
    private readonly TimeProvider time;
    private int openDescriptors;
    private long? countedAt;
    private readonly Resource host;
    private readonly ulong startTimeUnixNano;
    private readonly Series build;
    private readonly Series cpu;
    private readonly Series memory;
    private readonly Series descriptors;
    private readonly Series start;
    private readonly Dictionary<LossCounter, Series> lost = [];

    /// <summary>Prepares the series.</summary>
    /// <param name="host">The host's Resource.</param>
    /// <param name="losses">What was lost in user space.</param>
    /// <param name="version">Version of the agent.</param>
    /// <param name="kernelRelease">Release of the kernel.</param>
    /// <param name="libbpfVersion">Version of libbpf; empty if there is none.</param>
    /// <param name="time">The clock; the system's if not given.</param>
    /// <param name="privileges">What the agent may do; null if nobody wants to know.</param>
    public SelfCollector(
        Resource host, LossCounters losses, string version, string kernelRelease, string libbpfVersion, TimeProvider? time = null, AgentPrivileges? privileges = null)
    {
        this.privileges = privileges;
        this.host = host;
        this.losses = losses;
        this.time = time ?? TimeProvider.System;
        using var self = Process.GetCurrentProcess();
        startTimeUnixNano = (ulong)(self.StartTime.ToUniversalTime() - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        build = Make(MetricCatalog.BuildInfo, version, kernelRelease, libbpfVersion);
        cpu = Make(MetricCatalog.ProcessCpu);
        memory = Make(MetricCatalog.ProcessResidentMemory);
        descriptors = Make(MetricCatalog.ProcessOpenFds);
        start = Make(MetricCatalog.ProcessStartTime);
    }

    /// <inheritdoc/>
    public string Name => "self";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status => privileges is null ? [] : [privileges.Status];

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(build, 1);
        builder.Add(cpu, Environment.CpuUsage.TotalTime.TotalSeconds);
        builder.Add(memory, Environment.WorkingSet);
        builder.Add(descriptors, CountDescriptors());
        builder.Add(start, startTimeUnixNano / 1e9);
        foreach (var counter in losses.All)
        {
            if (!lost.TryGetValue(counter, out var series))
                lost.Add(counter, series = Make(MetricCatalog.Lost, counter.Reason));
            builder.Add(series, counter.Value);
        }
        return new(CollectResult.Ok);
    }

    private int CountDescriptors()
    {
        if (countedAt is null || time.GetElapsedTime(countedAt.Value) >= DescriptorInterval)
        {
            countedAt = time.GetTimestamp();
            openDescriptors = Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() - 1; // less the one that lists them
        }
        return openDescriptors;
    }

    private Series Make(MetricDescriptor metric, params string[] values) => new(metric, host, startTimeUnixNano, values);
}
