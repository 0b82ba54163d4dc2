using System.Globalization;
using Observe.Telemetry.Model;
using Observe.Telemetry.Prometheus;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>What a reader of the text formats sees is what was counted, for snapshots made by chance.</summary>
public class TextPropertyTests
{
    private const int Snapshots = 60;

    public static TheoryData<ExpositionFormat> Formats => [ExpositionFormat.Text, ExpositionFormat.OpenMetrics];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Write_RandomSnapshots_ReadBackAsTheSnapshot(ExpositionFormat format)
    {
        for (var seed = 0; seed < Snapshots; seed++)
        {
            using var random = new RandomSnapshot(seed);
            var samples = Read(format, random.Snapshot, seed);
            foreach (var (series, value) in random.Values)
                Take(samples, series.Metric.PrometheusName, RandomSnapshot.LabelsOf(series)).ShouldBe(value, $"seed {seed}: {series.Metric}");
            foreach (var (series, observations) in random.Histograms)
                CheckHistogram(samples, series, observations, $"seed {seed}: {series.Metric}");
            if (format == ExpositionFormat.OpenMetrics)
                TakeStarts(samples, random);
            samples.Keys.ShouldBeEmpty($"seed {seed}: nothing else is written");
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Write_RandomSnapshots_HasMetadataForFamiliesWithPointsOnly(ExpositionFormat format)
    {
        for (var seed = 0; seed < Snapshots; seed++)
        {
            using var random = new RandomSnapshot(seed);
            var document = TextParser.Parse(Written.Text(format, random.Snapshot));
            var expected = random.Snapshot.Families.Where(family => family.Count > 0).Select(family => family.Metric);
            var openMetrics = format == ExpositionFormat.OpenMetrics;
            document.Types.ShouldBe(expected.ToDictionary(metric => FamilyName(metric, openMetrics), metric => TypeName(metric, openMetrics)), ignoreOrder: true);
            document.Helps.ShouldBe(expected.ToDictionary(metric => FamilyName(metric, openMetrics), metric => metric.Help), ignoreOrder: true);
            foreach (var (family, unit) in document.Units)
                family.ShouldEndWith("_" + unit);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Write_NothingCollected_WritesNoFamily(ExpositionFormat format)
    {
        using var lease = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool()).Build(1);
        Written.Text(format, lease.Snapshot).ShouldBe(format == ExpositionFormat.OpenMetrics ? "# EOF\n" : "");
    }

    private static Dictionary<string, double> Read(ExpositionFormat format, MetricSnapshot snapshot, int seed)
    {
        var samples = new Dictionary<string, double>();
        foreach (var sample in TextParser.Parse(Written.Text(format, snapshot)).Samples)
            samples.TryAdd(Key(sample.Name, sample.Labels), sample.Value).ShouldBeTrue($"seed {seed}: {sample} twice");
        return samples;
    }

    private static void CheckHistogram(Dictionary<string, double> samples, Series series, List<double> observations, string which)
    {
        var name = series.Metric.PrometheusName;
        var labels = RandomSnapshot.LabelsOf(series);
        double previous = 0;
        for (var octave = -20; octave <= 5; octave++)
        {
            var bound = octave == 5 ? double.PositiveInfinity : Math.Pow(2, octave);
            var own = new Dictionary<string, string>(labels) { ["le"] = Le(samples, name, labels, bound) };
            var count = Take(samples, name + "_bucket", own);
            count.ShouldBe(observations.Count(each => each <= bound), $"{which} le {bound}");
            count.ShouldBeGreaterThanOrEqualTo(previous, which);
            previous = count;
        }
        Take(samples, name + "_count", labels).ShouldBe(previous, $"{which}: the count is the last bucket");
        Take(samples, name + "_sum", labels).ShouldBe(observations.Sum(), which);
    }

    /// <summary>The spelling of a bound is judged by the golden files; here only its value counts.</summary>
    private static string Le(Dictionary<string, double> samples, string name, Dictionary<string, string> labels, double bound)
    {
        string[] spellings = double.IsInfinity(bound) ? ["+Inf"] : [$"{bound:R}", $"{bound:R}".Replace("E-0", "e-0"), $"{bound:F1}"];
        return spellings.Distinct().Single(le => samples.ContainsKey(Key(name + "_bucket", new(labels) { ["le"] = le })));
    }

    private static void TakeStarts(Dictionary<string, double> samples, RandomSnapshot random)
    {
        var started = random.Values.Select(each => each.Series).Where(series => series.Metric.Kind == MetricKind.Counter)
            .Concat(random.Histograms.Select(each => each.Series)).Where(series => series.StartTimeUnixNano > 0);
        foreach (var series in started)
        {
            var family = FamilyName(series.Metric, openMetrics: true);
            Take(samples, family + "_created", RandomSnapshot.LabelsOf(series)).ShouldBe(double.Parse((series.StartTimeUnixNano / 1_000_000_000m).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        }
    }

    private static string FamilyName(MetricDescriptor metric, bool openMetrics) => (openMetrics, metric.Kind) switch
    {
        (true, MetricKind.Counter) => metric.PrometheusName[..metric.PrometheusName.LastIndexOf("_total", StringComparison.Ordinal)],
        (true, MetricKind.Info) => metric.PrometheusName[..metric.PrometheusName.LastIndexOf("_info", StringComparison.Ordinal)],
        _ => metric.PrometheusName,
    };

    private static string TypeName(MetricDescriptor metric, bool openMetrics) =>
        metric.Kind == MetricKind.Info && !openMetrics ? "gauge" : metric.Kind.ToString().ToLowerInvariant();

    private static double Take(Dictionary<string, double> samples, string name, Dictionary<string, string> labels)
    {
        samples.Remove(Key(name, labels), out var value).ShouldBeTrue($"{Key(name, labels)} was not written");
        return value;
    }

    private static string Key(string name, Dictionary<string, string> labels) =>
        $"{name}|{string.Join("|", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))}";
}
