using System.Collections.Concurrent;
using System.Diagnostics;
using Observe.Agent.Export;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent.Tests.Otlp;

/// <summary>A source whose one counter says how often it was collected; remembers when, and which snapshots it handed out.</summary>
internal sealed class CountingSource(int extraSeries = 0) : IMetricSource
{
    private static readonly Resource Host = new([new("host.name", "alpha")], []);
    private readonly SnapshotBuilder builder = new(MetricCatalog.All, new SnapshotPool());
    private readonly Series series = new(MetricCatalog.Lost, Host, 1, ["test"]);
    private readonly Series[] extra = [.. Enumerable.Range(0, extraSeries).Select(i => new Series(MetricCatalog.CpuTime, Host, 1, [$"{i}", "idle"]))];
    private int collections;

    public int Collections => Volatile.Read(ref collections);

    public ConcurrentQueue<long> Times { get; } = new();

    /// <summary>Distinct snapshots handed out: one that is not given back cannot be used again.</summary>
    public ConcurrentDictionary<MetricSnapshot, bool> Snapshots { get; } = new();

    /// <summary>Thrown instead of collecting, while set.</summary>
    public Exception? Error { get; set; }

    public ValueTask<MetricSnapshot.Lease> CollectAsync(CancellationToken cancellationToken)
    {
        Times.Enqueue(Stopwatch.GetTimestamp());
        var count = Interlocked.Increment(ref collections);
        if (Error is { } error)
            throw error;
        builder.Add(series, count);
        foreach (var each in extra)
            builder.Add(each, 1);
        var lease = builder.Build((ulong)count + 1_000_000);
        Snapshots.TryAdd(lease.Snapshot, true);
        return ValueTask.FromResult(lease);
    }
}
