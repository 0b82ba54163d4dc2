using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Docker;

/// <summary>The series of a container's life: state, health, restarts, ends. They go on over its restarts.</summary>
internal sealed class ContainerSeries
{
    private readonly Dictionary<(MetricDescriptor, string), Series> series = [];

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="resource">Whose they are.</param>
    /// <param name="container">The container.</param>
    /// <param name="detail">Whether all is wanted, or what is looked at most.</param>
    /// <param name="now">The wall clock.</param>
    public void Export(SnapshotBuilder builder, Resource resource, DockerContainer container, bool detail, DateTimeOffset now)
    {
        var created = UnixNano.Of(container.Created > DateTimeOffset.UnixEpoch ? container.Created : now);
        var heard = UnixNano.Of(container.HeardAt);
        Add(ContainerMetrics.Restarts, container.Restarts, created);
        Add(ContainerMetrics.OomKills, container.OomKills, heard);
        foreach (var (code, times) in container.Exits)
            Add(ContainerMetrics.Exits, times, heard, code);
        if (container.IsGone)
            return;
        Add(ContainerMetrics.Status, 1, created, container.Status);
        if (container.Health is { } health)
            Add(ContainerMetrics.Health, 1, created, health);
        if (container.IsRunning)
            Add(ContainerMetrics.Uptime, Math.Max(0, (now - container.StartedAt).TotalSeconds), created);
        else if (container.Status is "exited" or "dead" or "restarting")
            Add(ContainerMetrics.ExitCode, container.ExitCode, created);
        if (!detail || container.Limits is not { } limits)
            return;
        if (ContainerLimits.Cpus(limits) is { } cpus)
            Add(ContainerMetrics.CpuLimit, cpus, created);
        if (limits.CpuShares > 0)
            Add(ContainerMetrics.CpuShares, limits.CpuShares, created);

        void Add(MetricDescriptor metric, double value, ulong start, string? label = null)
        {
            if (!series.TryGetValue((metric, label ?? ""), out var known))
                series.Add((metric, label ?? ""), known = new Series(metric, resource, start, label is null ? [] : [label]));
            builder.Add(known, value);
        }
    }
}
