using Observe.Collectors.Cgroup;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.Cgroup;

/// <summary>Collects as the agent's runner does, and gives the values by workload, metric and own labels.</summary>
internal sealed class Collection
{
    private readonly SnapshotBuilder builder = new(MetricCatalog.All, new SnapshotPool());

    internal Dictionary<(string Workload, MetricDescriptor Metric, string Labels), double> Values { get; } = [];

    internal List<Series> Series { get; } = [];

    internal CollectResult Result { get; private set; }

    internal Collection Run(CgroupCollector collector)
    {
        Result = Collect(collector);
        Values.Clear();
        Series.Clear();
        using var lease = builder.Build(1);
        foreach (var family in lease.Snapshot.Families)
        {
            foreach (var point in family.Points)
            {
                var workload = point.Series.Resource.Labels.Single(label => label.Name == "workload").Value;
                Values.Add((workload, family.Metric, string.Join(',', point.Series.Labels.Select(label => label.Value))), point.Value);
                Series.Add(point.Series);
            }
        }
        return this;
    }

    /// <summary>Collects and throws the points away, without allocating.</summary>
    internal void RunOnly(CgroupCollector collector)
    {
        Result = Collect(collector);
        builder.Build(1).Dispose();
    }

    internal double? this[string workload, MetricDescriptor metric, string labels = ""] => Values.TryGetValue((workload, metric, labels), out var value) ? value : null;

    private CollectResult Collect(CgroupCollector collector)
    {
        var task = collector.CollectAsync(builder, CancellationToken.None);
        return task.IsCompletedSuccessfully ? task.Result : throw new InvalidOperationException("the collector is not to wait for anything");
    }
}
