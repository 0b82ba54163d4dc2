using System.Globalization;
using System.Text;
using Io.Prometheus.Client;
using Observe.Telemetry.Model;
using Observe.Telemetry.Prometheus;
using Exemplar = Observe.Telemetry.Model.Exemplar;
using ProtoExemplar = Io.Prometheus.Client.Exemplar;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>What readers of the formats find on which bucket.</summary>
public class ExemplarFormatTests
{
    private const int Snapshots = 60;

    /// <summary>Every bound of the classic buckets in seconds.</summary>
    private static readonly double[] Bounds = [.. Enumerable.Range(-20, 25).Select(octave => Math.Pow(2, octave)), double.PositiveInfinity];

    private const string StrictOpenMetricsParser = """
        import sys
        from prometheus_client.openmetrics.parser import text_string_to_metric_families
        for f in text_string_to_metric_families(sys.stdin.buffer.read().decode()):
            for s in f.samples:
                if s.exemplar:
                    e = s.exemplar
                    print(s.name, s.labels["workload"], s.labels["le"], e.labels["trace_id"], e.labels["span_id"], repr(e.value), "%d.%09d" % (e.timestamp.sec, e.timestamp.nsec))
        """;

    [Fact]
    public void OpenMetrics_RandomSnapshots_HaveTheNewestOfEachBucketOnIt()
    {
        var compared = 0;
        for (var seed = 0; seed < Snapshots; seed++)
        {
            using var random = new RandomSnapshot(seed);
            var samples = TextParser.Parse(Written.Text(ExpositionFormat.OpenMetrics, random.Snapshot)).Samples;
            var expected = new List<string>();
            foreach (var (series, offered) in random.Offered)
                expected.AddRange(NewestByBound(offered).Select(each => Describe(series.Metric.PrometheusName + "_bucket", RandomSnapshot.LabelsOf(series), each.Bound, each.Exemplar)));
            samples.Where(each => each.Exemplar is not null).Select(Describe).ShouldBe(expected, ignoreOrder: true, $"seed {seed}");
            compared += expected.Count;
        }
        compared.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Protobuf_RandomSnapshots_HaveTheNewestOfEachBucketTwice()
    {
        for (var seed = 0; seed < Snapshots; seed++)
        {
            using var random = new RandomSnapshot(seed);
            var families = OfficialDecoder.Decode(Written.Bytes(ExpositionFormat.Protobuf, random.Snapshot));
            var found = families.SelectMany(family => family.Metric.Where(metric => metric.Histogram is not null)).ToList();
            found.SelectMany(metric => metric.Histogram.Bucket).Count(bucket => bucket.Exemplar is not null)
                .ShouldBe(random.Offered.Values.Sum(offered => NewestByBound(offered).Count), $"seed {seed}");
            foreach (var (series, offered) in random.Offered)
            {
                var labels = RandomSnapshot.LabelsOf(series);
                var histogram = families.Single(family => family.Name == series.Metric.PrometheusName).Metric
                    .Single(metric => metric.Label.All(label => labels.GetValueOrDefault(label.Name) == label.Value)).Histogram;
                var expected = NewestByBound(offered);
                histogram.Bucket.Where(bucket => bucket.Exemplar is not null).Select(bucket => (bucket.UpperBound, Read(bucket.Exemplar))).ShouldBe(expected, $"seed {seed}");
                histogram.Exemplars.Select(Read).ShouldBe(expected.Select(each => each.Exemplar), $"seed {seed}: a native histogram's");
            }
        }
    }

    [Fact]
    public void AllFormats_ValuesOnAndBesideEverySeam_LieInTheBucketTheyStandOn()
    {
        foreach (var bound in Bounds[..^1])
        {
            foreach (var value in new[] { Math.BitDecrement(bound), bound, Math.BitIncrement(bound) })
            {
                using var lease = Build(new Exemplar(value, Fixture.Start, 1, 1));
                var inText = TextParser.Parse(Written.Text(ExpositionFormat.OpenMetrics, lease.Snapshot)).Samples.Where(each => each.Exemplar is not null).ShouldHaveSingleItem();
                var inProtobuf = OfficialDecoder.Decode(Written.Bytes(ExpositionFormat.Protobuf, lease.Snapshot))[0].Metric[0].Histogram.Bucket.Where(each => each.Exemplar is not null).ShouldHaveSingleItem();

                Le(inText.Labels["le"]).ShouldBe(inProtobuf.UpperBound);
                inText.Exemplar!.Value.ShouldBe(value);
                inProtobuf.Exemplar.Value.ShouldBe(value);
                // By the definition of le alone.
                inProtobuf.UpperBound.ShouldBe(Bounds.First(le => value <= le));
            }
        }
    }

    [Fact]
    public void OpenMetrics_OneExemplar_IsWrittenAsTheSpecificationHasIt()
    {
        using var lease = Build(new Exemplar(0.0245, 1_700_000_012_003_000_000, new UInt128(0x00f0_0000_0000_0000, 0x0000_0000_0000_0abc), 0x0000_0000_0000_00ff));
        var line = Written.Text(ExpositionFormat.OpenMetrics, lease.Snapshot).Split('\n').Single(each => each.Contains(" # {", StringComparison.Ordinal));
        line.ShouldBe(
            "observe_runqueue_wait_seconds_bucket{workload=\"web\",workload_kind=\"container\",workload_id=\"0123456789ab\",le=\"0.03125\"} 0"
            + " # {trace_id=\"00f00000000000000000000000000abc\",span_id=\"00000000000000ff\"} 0.0245 1700000012.003");
    }

    [Fact]
    public void OpenMetrics_LargestIds_StayWithinTheLimitOfLabels()
    {
        using var lease = Build(new Exemplar(1, Fixture.Start, UInt128.MaxValue, ulong.MaxValue));
        var exemplar = TextParser.Parse(Written.Text(ExpositionFormat.OpenMetrics, lease.Snapshot)).Samples.Select(each => each.Exemplar).Single(each => each is not null)!;
        exemplar.Labels.ShouldBe(new Dictionary<string, string> { ["trace_id"] = new('f', 32), ["span_id"] = new('f', 16) });
        // OpenMetrics 1.0, Exemplars; Prometheus drops what is longer.
        exemplar.Labels.Sum(label => label.Key.Length + label.Value.Length).ShouldBeLessThanOrEqualTo(128);
    }

    [Fact]
    public void Text_HistogramWithExemplars_IsWrittenWithout()
    {
        using var with = Build(new Exemplar(1, Fixture.Start, 1, 1));
        using var without = Build();
        Written.Text(ExpositionFormat.Text, with.Snapshot).ShouldBe(Written.Text(ExpositionFormat.Text, without.Snapshot));
    }

    [Fact]
    public void Protobuf_OddTimes_AreTimesAllTheSame()
    {
        foreach (var time in new ulong[] { 0, 1, 999_999_999, 1_000_000_000, 200_000_000_001 })
        {
            using var lease = Build(time, new Exemplar(1, time, 1, 1));
            var histogram = OfficialDecoder.Decode(Written.Bytes(ExpositionFormat.Protobuf, lease.Snapshot))[0].Metric[0].Histogram;
            // A native histogram's must have a time, also where it is 0.
            var exemplar = histogram.Exemplars.ShouldHaveSingleItem();
            Read(exemplar).TimeUnixNano.ShouldBe(time);
        }
    }

    [Fact]
    public async Task StrictOpenMetricsParser_Fixture_ReadsEveryExemplar()
    {
        using var lease = Fixture.Build();
        var text = Written.Text(ExpositionFormat.OpenMetrics, lease.Snapshot);
        var (exitCode, output) = await Peer.RunOrSkip("/usr/bin/python3", ["-c", StrictOpenMetricsParser], Encoding.UTF8.GetBytes(text));
        if (output.Contains("ModuleNotFoundError", StringComparison.Ordinal))
            Assert.Skip("python3 has no prometheus_client (Debian: python3-prometheus-client)");
        exitCode.ShouldBe(0, output);
        var read = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .Select(word => (Bound: Le(word[2]), Exemplar: new Exemplar(Number(word[5]), Nanoseconds(decimal.Parse(word[6], CultureInfo.InvariantCulture)), UInt128.Parse(word[3], NumberStyles.HexNumber), ulong.Parse(word[4], NumberStyles.HexNumber))));
        read.ShouldBe(NewestByBound(Fixture.Exemplars));
    }

    /// <summary>By le alone: of all that lie in a bucket, the last offered.</summary>
    private static List<(double Bound, Exemplar Exemplar)> NewestByBound(IReadOnlyList<Exemplar> offered) =>
        [.. Bounds.Select((bound, i) => (bound, offered.Where(each => each.Value <= bound && (i == 0 || each.Value > Bounds[i - 1])))).Where(each => each.Item2.Any()).Select(each => (each.bound, each.Item2.Last()))];

    private static MetricSnapshot.Lease Build(params Exemplar[] exemplars) => Build(Fixture.Start, exemplars);

    private static MetricSnapshot.Lease Build(ulong time, params Exemplar[] exemplars)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        var slots = new ExemplarSlots();
        foreach (var exemplar in exemplars)
            slots.Offer(exemplar).ShouldBeTrue();
        builder.AddHistogram(new Series(MetricCatalog.RunqueueWait, Fixture.Web, Fixture.Start, []), 0, 0, new ulong[ExponentialLayout.Cells], slots);
        return builder.Build(time);
    }

    private static string Describe(TextParser.Sample sample)
    {
        var labels = new Dictionary<string, string>(sample.Labels);
        labels.Remove("le", out var le).ShouldBeTrue(sample.Name);
        var exemplar = sample.Exemplar!;
        exemplar.Labels.Keys.ShouldBe(["trace_id", "span_id"]);
        exemplar.Labels["trace_id"].Length.ShouldBe(32);
        exemplar.Labels["span_id"].Length.ShouldBe(16);
        return Describe(sample.Name, labels, Le(le!), new Exemplar(
            exemplar.Value, Nanoseconds(exemplar.Seconds), UInt128.Parse(exemplar.Labels["trace_id"], NumberStyles.HexNumber), ulong.Parse(exemplar.Labels["span_id"], NumberStyles.HexNumber)));
    }

    private static string Describe(string name, Dictionary<string, string> labels, double le, Exemplar exemplar) =>
        $"{name}{{{string.Join(",", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))}}} {le:R}: {exemplar}";

    private static Exemplar Read(ProtoExemplar exemplar)
    {
        exemplar.Label.Select(label => label.Name).ShouldBe(["trace_id", "span_id"]);
        exemplar.Label[0].Value.Length.ShouldBe(32);
        exemplar.Label[1].Value.Length.ShouldBe(16);
        return new Exemplar(
            exemplar.Value, ((ulong)exemplar.Timestamp.Seconds * 1_000_000_000) + (ulong)exemplar.Timestamp.Nanos,
            UInt128.Parse(exemplar.Label[0].Value, NumberStyles.HexNumber), ulong.Parse(exemplar.Label[1].Value, NumberStyles.HexNumber));
    }

    private static ulong Nanoseconds(decimal seconds) => (ulong)(seconds * 1_000_000_000);

    private static double Le(string text) => text == "+Inf" ? double.PositiveInfinity : Number(text);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
