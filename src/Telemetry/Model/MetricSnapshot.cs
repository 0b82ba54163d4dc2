namespace Observe.Telemetry.Model;

/// <summary>
/// Everything one collection found: immutable once built, shared by every exporter that asks while it is fresh, and
/// returned to its pool when the last reader disposes its <see cref="Lease"/>.
/// </summary>
public sealed class MetricSnapshot
{
    private readonly SnapshotPool pool;
    private readonly Lock gate = new();

    // Numbers are never given twice, so a lease that is disposed again, even after the snapshot was reused, ends nobody else's.
    private readonly List<long> openLeases = new(capacity: 8);
    private long lastLease;
    private IReadOnlyList<MetricDescriptor>? catalog;

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

    internal SnapshotExemplars Exemplars { get; } = new();

    /// <summary>Takes part in reading; dispose when done. The snapshot is reused after the last reader.</summary>
    /// <exception cref="ObjectDisposedException">Nobody holds a lease any more: the content is gone or somebody else's.</exception>
    public Lease Read()
    {
        lock (gate)
        {
            return openLeases.Count > 0
                ? Open()
                : throw new ObjectDisposedException(nameof(MetricSnapshot), "the snapshot went back to its pool with its last lease; take a lease while another is held");
        }
    }

    /// <summary>The cells of one histogram point.</summary>
    /// <param name="point">A point of a <see cref="MetricKind.Histogram"/> family of this snapshot.</param>
    public ReadOnlySpan<ulong> CellsOf(in Point point) => Cells.Slice(point.FirstCell, ExponentialLayout.Cells);

    /// <summary>Spans that tell of single observations of one histogram point: the smallest value first, at most one for each octave bucket of the classic formats.</summary>
    /// <param name="point">A point of a <see cref="MetricKind.Histogram"/> family of this snapshot.</param>
    public ReadOnlySpan<Exemplar> ExemplarsOf(in Point point) => Exemplars.Of(point.FirstCell / ExponentialLayout.Cells);

    /// <summary>Gives the snapshot the families of a catalog; keeps those it has if it is the same catalog as last time.</summary>
    internal void PrepareFor(IReadOnlyList<MetricDescriptor> catalog)
    {
        if (ReferenceEquals(catalog, this.catalog))
            return;
        this.catalog = catalog;
        FamilyList.Clear();
        FamilyList.AddRange(catalog.Select(metric => new MetricFamily(metric)));
    }

    /// <summary>Drops all points; storage stays.</summary>
    internal void Clear()
    {
        foreach (var family in FamilyList)
            family.Clear();
        Exemplars.Clear();
        CellCount = 0;
        PointCount = 0;
    }

    /// <summary>Moves all points to another snapshot of the same catalog. Storage changes hands where the other has nothing yet.</summary>
    internal void MoveTo(MetricSnapshot other)
    {
        var before = other.CellCount;
        if (before == 0 && CellCount != 0)
        {
            (CellArray, other.CellArray) = (other.CellArray, CellArray);
        }
        else
        {
            other.Reserve(before + CellCount);
            Cells.CopyTo(other.CellArray.AsSpan(before));
        }
        other.CellCount = before + CellCount;
        Exemplars.MoveTo(other.Exemplars);
        for (var i = 0; i < FamilyList.Count; i++)
            FamilyList[i].MoveTo(other.FamilyList[i], before);
        other.PointCount += PointCount;
        CellCount = 0;
        PointCount = 0;
    }

    /// <summary>Makes room for so many cells.</summary>
    internal void Reserve(int cells)
    {
        if (CellArray.Length >= cells)
            return;
        var larger = CellArray;
        Array.Resize(ref larger, Math.Max(cells, larger.Length * 2));
        CellArray = larger;
    }

    /// <summary>The end of building: the first lease, for who built it.</summary>
    internal Lease Publish()
    {
        lock (gate)
            return Open();
    }

    private Lease Open()
    {
        openLeases.Add(++lastLease);
        return new Lease(this, lastLease);
    }

    private void Release(long lease)
    {
        lock (gate)
        {
            if (!openLeases.Remove(lease) || openLeases.Count > 0)
                return;
        }
        // From here on nobody reads it: Read throws until the next builder publishes it.
        pool.Return(this);
    }

    /// <summary>A reader's hold on a snapshot.</summary>
    public readonly struct Lease : IDisposable, IEquatable<Lease>
    {
        private readonly long number;

        internal Lease(MetricSnapshot snapshot, long number)
        {
            Snapshot = snapshot;
            this.number = number;
        }

        /// <summary>The snapshot; not to be touched after disposal.</summary>
        public MetricSnapshot Snapshot { get; }

        /// <summary>Ends the reading. Disposing again, or a copy, does nothing.</summary>
        public void Dispose() => Snapshot?.Release(number);

        /// <inheritdoc/>
        public bool Equals(Lease other) => ReferenceEquals(Snapshot, other.Snapshot) && number == other.number;

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is Lease other && Equals(other);

        /// <inheritdoc/>
        public override int GetHashCode() => number.GetHashCode();

        /// <summary>The same hold.</summary>
        public static bool operator ==(Lease left, Lease right) => left.Equals(right);

        /// <summary>Different holds.</summary>
        public static bool operator !=(Lease left, Lease right) => !left.Equals(right);
    }
}
