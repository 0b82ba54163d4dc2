using System.Collections.Concurrent;

namespace Observe.Telemetry.Model;

/// <summary>Snapshots for reuse: two or three live at a time, however many scrapes.</summary>
public sealed class SnapshotPool
{
    private const int Kept = 4;
    private readonly ConcurrentQueue<MetricSnapshot> free = new();

    internal MetricSnapshot Rent(IReadOnlyList<MetricDescriptor> catalog)
    {
        if (!free.TryDequeue(out var snapshot))
            snapshot = new MetricSnapshot(this);
        snapshot.PrepareFor(catalog);
        return snapshot;
    }

    internal void Return(MetricSnapshot snapshot)
    {
        snapshot.Clear();
        if (free.Count < Kept)
            free.Enqueue(snapshot);
    }
}
