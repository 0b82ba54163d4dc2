namespace Observe.Telemetry.Model;

/// <summary>
/// Where collectors put their points. One builder a collection, used by one collector at a time; the runner builds the
/// snapshot at the end. Adding a point of a series that exists already allocates nothing.
/// </summary>
/// <param name="catalog">The metrics that may be added, in the order they are to be exported.</param>
/// <param name="pool">Where snapshots come from and return to.</param>
public sealed class SnapshotBuilder(IReadOnlyList<MetricDescriptor> catalog, SnapshotPool pool)
{
    private readonly IReadOnlyList<MetricDescriptor> catalog = catalog;
    private readonly Dictionary<MetricDescriptor, int> order = catalog.Select((metric, i) => (metric, i)).ToDictionary(x => x.metric, x => x.i);
    private MetricSnapshot snapshot = pool.Rent(catalog);

    /// <summary>Adds the value of a counter, gauge or info series.</summary>
    /// <param name="series">The series; its metric must be in the catalog.</param>
    /// <param name="value">Value in the metric's unit.</param>
    /// <param name="timeUnixNano">When it was true, if that is not the time of the collection, ns since the Unix epoch.</param>
    /// <exception cref="ArgumentException">The metric is not in the catalog, or is a histogram.</exception>
    public void Add(Series series, double value, ulong timeUnixNano = 0)
    {
        FamilyOf(series, histogram: false).Add(new Point(series, value, TimeUnixNano: timeUnixNano));
        snapshot.PointCount++;
    }

    /// <summary>Adds the newest value of a series that is pushed through a <see cref="SampleQueue"/>: for who scrapes.</summary>
    /// <param name="series">The series; its metric must be in the catalog.</param>
    /// <param name="value">Value in the metric's unit.</param>
    /// <exception cref="ArgumentException">The metric is not in the catalog, or is a histogram.</exception>
    public void AddPushedApart(Series series, double value)
    {
        FamilyOf(series, histogram: false).Add(new Point(series, value, IsPushedApart: true));
        snapshot.PointCount++;
    }

    /// <summary>Adds a histogram and copies its cells.</summary>
    /// <param name="series">The series; its metric must be a histogram of the catalog.</param>
    /// <param name="sum">Sum of the observations, in seconds.</param>
    /// <param name="count">Number of observations; must equal the sum of the cells.</param>
    /// <param name="cells">All <see cref="ExponentialLayout.Cells"/> cells, copied.</param>
    /// <param name="exemplars">Spans that tell of single observations, copied as they are now; null if there are none.</param>
    /// <exception cref="ArgumentException">The metric is not in the catalog or no histogram, or the cells do not fit it. Nothing was added.</exception>
    public void AddHistogram(Series series, double sum, ulong count, ReadOnlySpan<ulong> cells, ExemplarSlots? exemplars = null)
    {
        var family = FamilyOf(series, histogram: true);
        Check(series, count, cells);
        var first = snapshot.CellCount;
        snapshot.Reserve(first + ExponentialLayout.Cells);
        cells.CopyTo(snapshot.CellArray.AsSpan(first, ExponentialLayout.Cells));
        snapshot.CellCount = first + ExponentialLayout.Cells;
        snapshot.Exemplars.Add(exemplars);
        family.Add(new Point(series, sum, count, first));
        snapshot.PointCount++;
    }

    /// <summary>
    /// Hands everything added so far to another builder, after what that one has, and starts anew. Families that the other has
    /// nothing of yet are handed over whole: nothing is copied.
    /// </summary>
    /// <param name="other">A builder of the same catalog.</param>
    /// <exception cref="ArgumentException">It has another catalog. Nothing was moved.</exception>
    public void MoveTo(SnapshotBuilder other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!ReferenceEquals(catalog, other.catalog))
            throw new ArgumentException("points can only be moved between builders of one catalog", nameof(other));
        snapshot.MoveTo(other.snapshot);
    }

    /// <summary>Drops everything added so far.</summary>
    public void Clear() => snapshot.Clear();

    /// <summary>Finishes the collection and starts the next one.</summary>
    /// <param name="timeUnixNano">When the values were true, ns since the Unix epoch.</param>
    /// <returns>The snapshot with one reader's hold on it.</returns>
    public MetricSnapshot.Lease Build(ulong timeUnixNano)
    {
        var built = snapshot;
        built.TimeUnixNano = timeUnixNano;
        built.Exemplars.DropOld(timeUnixNano);
        snapshot = pool.Rent(catalog);
        return built.Publish();
    }

    private MetricFamily FamilyOf(Series series, bool histogram)
    {
        var metric = series.Metric;
        if (metric.Kind == MetricKind.Histogram != histogram)
            throw new ArgumentException($"{metric} is a {metric.Kind}: add it with {(histogram ? nameof(Add) : nameof(AddHistogram))}", nameof(series));
        return order.TryGetValue(metric, out var index)
            ? snapshot.FamilyList[index]
            : throw new ArgumentException($"{metric} is not in the catalog that this builder was made with; add its row to {nameof(MetricCatalog)}", nameof(series));
    }

    /// <summary>A wrong histogram would make Prometheus drop the whole scrape; here it costs one collector its turn.</summary>
    private static void Check(Series series, ulong count, ReadOnlySpan<ulong> cells)
    {
        if (cells.Length != ExponentialLayout.Cells)
            throw new ArgumentException($"{series.Metric} needs {ExponentialLayout.Cells} cells, not {cells.Length}", nameof(cells));
        var total = 0UL;
        foreach (var cell in cells)
            total += cell;
        if (total != count)
            throw new ArgumentException($"{series.Metric} has a count of {count} but {total} observations in its cells; count them from the same reading", nameof(count));
    }
}
