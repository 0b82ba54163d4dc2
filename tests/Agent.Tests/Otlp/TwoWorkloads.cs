using Observe.Agent.Export;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent.Tests.Otlp;

/// <summary>Two workloads and the host, with known values and a known histogram.</summary>
internal sealed class TwoWorkloads : IMetricSource
{
    public const double WebSum = 3.5;
    private readonly SnapshotBuilder builder = new(MetricCatalog.All, new SnapshotPool());
    private readonly ulong start = (ulong)DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds() * 1_000_000;
    private readonly Series webRunning, dbRunning, webWaiting, quota, webWait, dbWait, build;

    public TwoWorkloads()
    {
        var web = Workload("web", "c1");
        var db = Workload("db", "c2");
        var host = new Resource([new("host.name", "alpha")], []);
        webRunning = new Series(MetricCatalog.ThreadTime, web, start, ["running"]);
        webWaiting = new Series(MetricCatalog.ThreadTime, web, start, ["waiting"]);
        dbRunning = new Series(MetricCatalog.ThreadTime, db, start, ["running"]);
        quota = new Series(MetricCatalog.QuotaCores, web, start, []);
        webWait = new Series(MetricCatalog.RunqueueWait, web, start, []);
        dbWait = new Series(MetricCatalog.RunqueueWait, db, start, []);
        build = new Series(MetricCatalog.BuildInfo, host, start, ["0.1.0", "6.18", "1.1"]);
    }

    public (int Cell, ulong Count)[] Web { get; } = [(1, 10), (40, 20), (41, 30), (96, 39), (137, 1)];

    public ValueTask<MetricSnapshot.Lease> CollectAsync(CancellationToken cancellationToken)
    {
        builder.Add(webRunning, 12.5);
        builder.Add(webWaiting, 1.5);
        builder.Add(dbRunning, 99.25);
        builder.Add(quota, 0.3);
        builder.Add(build, 1);
        var cells = new ulong[ExponentialLayout.Cells];
        foreach (var (cell, count) in Web)
            cells[cell] = count;
        builder.AddHistogram(webWait, WebSum, 100, cells);
        builder.AddHistogram(dbWait, 0, 0, new ulong[ExponentialLayout.Cells]);
        return ValueTask.FromResult(builder.Build((ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000));
    }

    private static Resource Workload(string name, string container) => new(
        [new("container.id", container), new("host.name", "alpha")], [new("workload", name), new("workload_kind", "container"), new("workload_id", container)]);
}
