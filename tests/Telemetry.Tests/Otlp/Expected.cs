using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Otlp;

/// <summary>A snapshot together with everything that was put into it, remembered apart from it.</summary>
internal sealed class Expected
{
    public const ulong Time = 1_900_000_000_123_456_789;
    private readonly SnapshotPool pool = new();
    private readonly SnapshotBuilder builder;

    public Expected() => builder = new SnapshotBuilder(MetricCatalog.All, pool);

    public List<(Series Series, double Value)> Numbers { get; } = [];

    public List<(Series Series, double Sum, ulong[] Cells)> Histograms { get; } = [];

    public void Add(Series series, double value)
    {
        builder.Add(series, value);
        Numbers.Add((series, value));
    }

    public void AddHistogram(Series series, double sum, params (int Cell, ulong Count)[] used)
    {
        var cells = new ulong[ExponentialLayout.Cells];
        ulong total = 0;
        foreach (var (cell, count) in used)
        {
            cells[cell] += count;
            total += count;
        }
        builder.AddHistogram(series, sum, total, cells);
        Histograms.Add((series, sum, cells));
    }

    public MetricSnapshot.Lease Build(ulong time = Time) => builder.Build(time);

    /// <summary>Adds the same series again, as the next collection does.</summary>
    public MetricSnapshot.Lease BuildAgain()
    {
        foreach (var (series, value) in Numbers)
            builder.Add(series, value);
        foreach (var (series, sum, cells) in Histograms)
        {
            ulong total = 0;
            foreach (var count in cells)
                total += count;
            builder.AddHistogram(series, sum, total, cells);
        }
        return builder.Build(Time);
    }

    public static Resource Host { get; } = new([new("host.name", "alpha"), new("os.type", "linux")], []);

    public static Resource Workload(string id, params KeyValuePair<string, string>[] attributes) => new(
        [new("workload.id", id), new("host.name", "alpha"), .. attributes],
        [new("workload", $"name of {id}"), new("workload_kind", "container"), new("workload_id", id)]);

    /// <summary>A host with many workloads, every kind of metric, and cells at both ends and in the middle.</summary>
    public static Expected Mixed(int workloads)
    {
        var expected = new Expected();
        var random = new Random(42);
        var resources = Enumerable.Range(0, workloads).Select(i => Workload($"w{i}", new KeyValuePair<string, string>("container.id", $"{i:x12}"))).ToArray();
        foreach (var resource in resources)
        {
            foreach (var state in new[] { "running", "waiting", "throttled", "blocked", "sleeping" })
                expected.Add(new Series(MetricCatalog.ThreadTime, resource, Time - (ulong)random.NextInt64(1_000_000_000_000), [state]), random.NextDouble() * 1e6);
            expected.Add(new Series(MetricCatalog.QuotaCores, resource, 1, []), random.NextDouble());
            expected.Add(new Series(MetricCatalog.WorkloadInfo, resource, 1, [], [new("image", "busybox")]), 1);
            expected.AddHistogram(new Series(MetricCatalog.RunqueueWait, resource, Time - 5, []), random.NextDouble() * 100,
                [.. Enumerable.Range(0, random.Next(12)).Select(_ => (random.Next(ExponentialLayout.Cells), (ulong)random.NextInt64(1L << random.Next(1, 60))))]);
        }
        for (var cpu = 0; cpu < 4; cpu++)
            expected.Add(new Series(MetricCatalog.CpuTime, Host, Time - 77, [$"{cpu}", "idle"]), cpu * 1.5);
        expected.Add(new Series(MetricCatalog.BuildInfo, Host, 1, ["0.1.0", "6.18.0", "1.1"]), 1);
        return expected;
    }
}
