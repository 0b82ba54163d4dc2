namespace Observe.Telemetry.Model;

/// <summary>
/// Everything one collection found: immutable once built, shared by every exporter that asks while it is fresh, and
/// returned to its pool when the last reader disposes its <see cref="Lease"/>.
/// </summary>
public sealed class MetricSnapshot
{
    private readonly SnapshotPool pool;
    private int readers;

    internal MetricSnapshot(SnapshotPool pool) => this.pool = pool;

    /// <summary>When the values were true, ns since the Unix epoch.</summary>
    public ulong TimeUnixNano { get; internal set; }

    /// <summary>All families of the catalog, in its order; those without points are empty.</summary>
    public IReadOnlyList<MetricFamily> Families => FamilyList;

    /// <summary>Number of points in all families; a histogram is one.</summary>
    public int PointCount { get; internal set; }

    /// <summary>Cells of all histograms, <see cref="ExponentialLayout.Cells"/> a point, counts (not cumulative).</summary>
    public ReadOnlySpan<ulong> Cells => CellArray.AsSpan(0, CellCount);

    internal List<MetricFamily> FamilyList { get; } = [];

    internal ulong[] CellArray { get; set; } = new ulong[16 * ExponentialLayout.Cells];

    internal int CellCount { get; set; }

    /// <summary>Takes part in reading; dispose when done. The snapshot is reused after the last reader.</summary>
    public Lease Read()
    {
        Interlocked.Increment(ref readers);
        return new Lease(this);
    }

    /// <summary>The cells of one histogram point.</summary>
    /// <param name="point">A point of a <see cref="MetricKind.Histogram"/> family of this snapshot.</param>
    public ReadOnlySpan<ulong> CellsOf(in Point point) => CellArray.AsSpan(point.FirstCell, ExponentialLayout.Cells);

    internal void Release()
    {
        if (Interlocked.Decrement(ref readers) == 0)
            pool.Return(this);
    }

    /// <summary>A reader's hold on a snapshot.</summary>
    public readonly struct Lease : IDisposable, IEquatable<Lease>
    {
        internal Lease(MetricSnapshot snapshot) => Snapshot = snapshot;

        /// <summary>The snapshot; not to be touched after disposal.</summary>
        public MetricSnapshot Snapshot { get; }

        /// <summary>Ends the reading. Exactly once.</summary>
        public void Dispose() => Snapshot.Release();

        /// <inheritdoc/>
        public bool Equals(Lease other) => ReferenceEquals(Snapshot, other.Snapshot);

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is Lease other && Equals(other);

        /// <inheritdoc/>
        public override int GetHashCode() => Snapshot.GetHashCode();

        /// <summary>Same snapshot.</summary>
        public static bool operator ==(Lease left, Lease right) => left.Equals(right);

        /// <summary>Different snapshots.</summary>
        public static bool operator !=(Lease left, Lease right) => !left.Equals(right);
    }
}
