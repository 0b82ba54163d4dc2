using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Io.Prometheus.Client;
using Observe.Telemetry.Model;
using Observe.Telemetry.Prometheus;
using ProtoFamily = Io.Prometheus.Client.MetricFamily;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>What the official decoder sees is what was counted.</summary>
public class ProtobufFormatTests
{
    private const int Snapshots = 60;

    [Fact]
    public void Write_RandomSnapshots_DecodeToTheSnapshot()
    {
        for (var seed = 0; seed < Snapshots; seed++)
        {
            using var random = new RandomSnapshot(seed);
            var families = OfficialDecoder.Decode(Written.Bytes(ExpositionFormat.Protobuf, random.Snapshot)).ToDictionary(family => family.Name);
            families.Values.Sum(family => family.Metric.Count).ShouldBe(random.Values.Count + random.Histograms.Count, $"seed {seed}");
            foreach (var (series, value) in random.Values)
                CheckValue(families, series, value);
            foreach (var (series, observations) in random.Histograms)
                CheckHistogram(Find(families, series), series, observations);
        }
    }

    [Fact]
    public void Write_RandomSnapshots_AreTheBytesOfTheOfficialEncoder()
    {
        for (var seed = 0; seed < Snapshots; seed++)
        {
            using var random = new RandomSnapshot(seed);
            var written = Written.Bytes(ExpositionFormat.Protobuf, random.Snapshot);
            using var again = new MemoryStream();
            foreach (var family in OfficialDecoder.Decode(written))
                family.WriteDelimitedTo(again);
            written.ShouldBe(again.ToArray(), $"seed {seed}");
        }
    }

    [Fact]
    public void Write_InvalidUtf16_IsReplacedAsInText()
    {
        using var lease = Fixture.Build();
        var families = OfficialDecoder.Decode(Written.Bytes(ExpositionFormat.Protobuf, lease.Snapshot));
        var odd = families.Single(family => family.Name == "observe_cpu_quota_cores").Metric[1];
        odd.Label.Select(label => label.Value).ShouldBe(["o\"d\\d\nn\uFFFDl", "pod", "caf\u00e9 \U0001F433 \uFFFD!"]);
    }

    private static void CheckValue(Dictionary<string, ProtoFamily> families, Series series, double value)
    {
        var metric = Find(families, series);
        var family = families[series.Metric.PrometheusName];
        family.Help.ShouldBe(series.Metric.Help);
        if (series.Metric.Kind == MetricKind.Counter)
        {
            family.Type.ShouldBe(MetricType.Counter);
            metric.Counter.Value.ShouldBe(value);
            CheckStart(metric.Counter.CreatedTimestamp, series);
        }
        else
        {
            family.Type.ShouldBe(MetricType.Gauge);
            metric.Gauge.Value.ShouldBe(value);
        }
    }

    private static void CheckHistogram(Metric metric, Series series, List<double> observations)
    {
        var histogram = metric.Histogram;
        histogram.SampleCount.ShouldBe((ulong)observations.Count);
        histogram.SampleSum.ShouldBe(observations.Sum());
        CheckStart(histogram.CreatedTimestamp, series);

        histogram.Bucket.Select(bucket => bucket.UpperBound).ShouldBe([.. Enumerable.Range(-20, 25).Select(octave => Math.Pow(2, octave)), double.PositiveInfinity]);
        foreach (var bucket in histogram.Bucket)
            bucket.CumulativeCount.ShouldBe((ulong)observations.Count(each => each <= bucket.UpperBound));

        histogram.Schema.ShouldBe(2);
        histogram.ZeroThreshold.ShouldBe(Math.Pow(2, -24));
        histogram.ZeroCount.ShouldBe((ulong)observations.Count(each => each <= histogram.ZeroThreshold));
        var native = NativeBucketsOf(histogram);
        foreach (var (index, count) in native)
            count.ShouldBe((ulong)observations.Count(each => each > Math.Pow(2, (index - 1) / 4.0) && (index == 41 || each <= Math.Pow(2, index / 4.0))), $"bucket {index}");
        (native.Values.Aggregate(0UL, (sum, count) => sum + count) + histogram.ZeroCount).ShouldBe(histogram.SampleCount, "Prometheus refuses anything else");
    }

    /// <summary>Spans and deltas unrolled as the documentation of native histograms says.</summary>
    private static Dictionary<int, ulong> NativeBucketsOf(Histogram histogram)
    {
        var buckets = new Dictionary<int, ulong>();
        var index = 0;
        var delta = 0;
        long count = 0;
        foreach (var span in histogram.PositiveSpan)
        {
            span.Length.ShouldBeGreaterThan(0u);
            index += span.Offset;
            for (var i = 0; i < span.Length; i++)
                buckets.Add(index++, (ulong)(count += histogram.PositiveDelta[delta++]));
        }
        delta.ShouldBe(histogram.PositiveDelta.Count);
        return buckets;
    }

    private static void CheckStart(Timestamp? created, Series series)
    {
        if (series.StartTimeUnixNano == 0)
            created.ShouldBeNull();
        else
            (((ulong)created!.Seconds * 1_000_000_000) + (ulong)created.Nanos).ShouldBe(series.StartTimeUnixNano);
    }

    private static Metric Find(Dictionary<string, ProtoFamily> families, Series series)
    {
        var labels = RandomSnapshot.LabelsOf(series);
        return families[series.Metric.PrometheusName].Metric.Single(metric =>
            metric.Label.Count == labels.Count && metric.Label.All(label => labels.TryGetValue(label.Name, out var value) && value == label.Value));
    }
}
