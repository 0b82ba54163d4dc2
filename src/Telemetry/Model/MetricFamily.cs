namespace Observe.Telemetry.Model;

/// <summary>All points of one metric in one collection. Its storage is reused: valid until the snapshot is returned.</summary>
/// <param name="metric">The metric.</param>
public sealed class MetricFamily(MetricDescriptor metric)
{
    /// <summary>Points from which on storage grows by a quarter: twice as much as is needed, in each of several snapshots, is tens of MiB then.</summary>
    private const int Many = 1024;

    private Point[] points = new Point[8];

    /// <summary>The metric.</summary>
    public MetricDescriptor Metric { get; } = metric;

    /// <summary>Number of points.</summary>
    public int Count { get; private set; }

    /// <summary>The points, in the order collectors added them.</summary>
    public ReadOnlySpan<Point> Points => points.AsSpan(0, Count);

    internal void Add(in Point point)
    {
        if (Count == points.Length)
            Array.Resize(ref points, Count < Many ? Count * 2 : Count + (Count / 4));
        points[Count++] = point;
    }

    /// <summary>Moves all points to the end of the same metric's family elsewhere; into an empty one without copying.</summary>
    /// <param name="other">Where to.</param>
    /// <param name="cells">What the cells of these points were moved by.</param>
    internal void MoveTo(MetricFamily other, int cells)
    {
        // Nothing to move, and so no storage either: arrays that are large on one side would go round all collectors and grow in each.
        if (Count == 0)
            return;
        if (other.Count == 0 && cells == 0)
        {
            (points, other.points) = (other.points, points);
            (Count, other.Count) = (0, Count);
            return;
        }
        foreach (ref readonly var point in Points)
            other.Add(point with { FirstCell = point.FirstCell + cells });
        Clear();
    }

    internal void Clear()
    {
        // Series of dead workloads must not be kept alive by a pooled snapshot; what is behind Count is clear already.
        Array.Clear(points, 0, Count);
        Count = 0;
    }
}
