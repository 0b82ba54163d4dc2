using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>A snapshot made by chance, and the truth about it that it was made from.</summary>
internal sealed class RandomSnapshot : IDisposable
{
    private const string Alphabet = "ab\"\\\n{},= #\u00e9\u4e2d\0";

    private readonly Random random;
    private readonly MetricSnapshot.Lease lease;

    public RandomSnapshot(int seed)
    {
        random = new Random(seed);
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        for (var w = random.Next(4); w >= 0; w--)
        {
            var resource = new Resource([], [new("workload", Text()), new("workload_kind", Text()), new("workload_id", $"{w}")]);
            foreach (var metric in MetricCatalog.All.Where(_ => random.Next(3) > 0))
                AddPoint(builder, metric, resource);
        }
        lease = builder.Build(1);
    }

    public MetricSnapshot Snapshot => lease.Snapshot;

    public List<(Series Series, double Value)> Values { get; } = [];

    public List<(Series Series, List<double> Observations)> Histograms { get; } = [];

    /// <summary>What was offered to some of the histograms, each later than the one before it.</summary>
    public Dictionary<Series, List<Exemplar>> Offered { get; } = [];

    /// <summary>Labels as a reader must see them: NUL cannot be written and is replaced.</summary>
    public static Dictionary<string, string> LabelsOf(Series series) =>
        series.Resource.Labels.Concat(series.Labels).ToDictionary(label => label.Name, label => label.Value.Replace('\0', '\uFFFD'));

    public void Dispose() => lease.Dispose();

    private void AddPoint(SnapshotBuilder builder, MetricDescriptor metric, Resource resource)
    {
        var start = random.Next(4) == 0 ? 0 : (ulong)random.NextInt64(1, 2_000_000_000_000_000_000);
        var series = new Series(metric, resource, start, [.. metric.Labels.Select(_ => Text())]);
        if (metric.Kind != MetricKind.Histogram)
        {
            var value = metric.Kind == MetricKind.Info ? 1 : Number();
            builder.Add(series, value);
            Values.Add((series, value));
            return;
        }
        var observations = Enumerable.Range(0, random.Next(40)).Select(_ => Observation()).ToList();
        var cells = new ulong[ExponentialLayout.Cells];
        foreach (var observation in observations)
            cells[CellOf(observation)]++;
        builder.AddHistogram(series, observations.Sum(), (ulong)observations.Count, cells, random.Next(2) == 0 ? null : Offer(series, observations));
        Histograms.Add((series, observations));
    }

    private ExemplarSlots Offer(Series series, List<double> observations)
    {
        var slots = new ExemplarSlots();
        var offered = Offered[series] = [];
        foreach (var observation in observations)
        {
            offered.Add(new Exemplar(observation, (ulong)offered.Count * 1_234_567_891, new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64() | 1), (ulong)random.NextInt64() | 1));
            slots.Offer(offered[^1]).ShouldBeTrue();
        }
        return slots;
    }

    private string Text() => new([.. Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);

    private double Number() => random.Next(4) switch
    {
        0 => random.Next(3_000_000),
        1 => random.NextDouble() * Math.Pow(10, random.Next(-12, 13)),
        2 => random.NextInt64() / 1e9,
        _ => BitConverter.Int64BitsToDouble(random.NextInt64()) is var any && double.IsFinite(any) ? any : 0,
    };

    /// <summary>Often exactly on a bound or one step beside it, where off-by-one errors live.</summary>
    private double Observation()
    {
        if (random.Next(3) == 0)
            return Math.Pow(2, (random.NextDouble() * 44) - 30);
        var bound = Math.Pow(2, random.Next(-28, 13));
        return random.Next(3) switch { 0 => bound, 1 => Math.BitDecrement(bound), _ => Math.BitIncrement(bound) };
    }

    private static int CellOf(double observation)
    {
        var cell = 0;
        while (cell < ExponentialLayout.Cells - 1 && observation > Math.Pow(2, (cell - 96) / 4.0))
            cell++;
        return cell;
    }
}
