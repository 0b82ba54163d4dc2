namespace Observe.Telemetry.Model;

/// <summary>
/// Where collectors put their points. One builder a collection, used by one collector at a time; the runner builds the
/// snapshot at the end. Adding a point of a series that exists already allocates nothing.
/// </summary>
/// <param name="catalog">The metrics that may be added, in the order they are to be exported.</param>
/// <param name="pool">Where snapshots come from and return to.</param>
public sealed class SnapshotBuilder(IReadOnlyList<MetricDescriptor> catalog, SnapshotPool pool)
{
    private readonly Dictionary<MetricDescriptor, int> order = catalog.Select((metric, i) => (metric, i)).ToDictionary(x => x.metric, x => x.i);
    private MetricSnapshot snapshot = pool.Rent();

    /// <summary>Adds the value of a counter, gauge or info series.</summary>
    /// <param name="series">The series; its metric must be in the catalog.</param>
    /// <param name="value">Value in the metric's unit.</param>
    public void Add(Series series, double value)
    {
        FamilyOf(series.Metric).Add(new Point(series, value));
        snapshot.PointCount++;
    }

    /// <summary>Adds a histogram and copies its cells.</summary>
    /// <param name="series">The series; its metric must be a histogram of the catalog.</param>
    /// <param name="sum">Sum of the observations, in seconds.</param>
    /// <param name="count">Number of observations; must equal the sum of the cells.</param>
    /// <param name="cells">The cells, copied.</param>
    public void AddHistogram(Series series, double sum, ulong count, ReadOnlySpan<ulong> cells)
    {
        var first = snapshot.CellCount;
        if (snapshot.CellArray.Length < first + ExponentialLayout.Cells)
        {
            var larger = snapshot.CellArray;
            Array.Resize(ref larger, larger.Length * 2);
            snapshot.CellArray = larger;
        }
        cells.CopyTo(snapshot.CellArray.AsSpan(first, ExponentialLayout.Cells));
        snapshot.CellCount = first + ExponentialLayout.Cells;
        FamilyOf(series.Metric).Add(new Point(series, sum, count, first));
        snapshot.PointCount++;
    }

    /// <summary>Finishes the collection and starts the next one.</summary>
    /// <param name="timeUnixNano">When the values were true, ns since the Unix epoch.</param>
    /// <returns>The snapshot with one reader's hold on it.</returns>
    public MetricSnapshot.Lease Build(ulong timeUnixNano)
    {
        var built = snapshot;
        built.TimeUnixNano = timeUnixNano;
        snapshot = pool.Rent();
        return built.Read();
    }

    private MetricFamily FamilyOf(MetricDescriptor metric)
    {
        var families = snapshot.FamilyList;
        if (families.Count == 0)
            families.AddRange(catalog.Select(each => new MetricFamily(each)));
        return families[order[metric]];
    }
}
