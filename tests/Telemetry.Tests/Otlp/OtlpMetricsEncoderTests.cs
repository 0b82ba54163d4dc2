using Observe.Telemetry.Model;
using Observe.Telemetry.Otlp;
using OpenTelemetry.Proto.Metrics.V1;

namespace Observe.Telemetry.Tests.Otlp;

public sealed class OtlpMetricsEncoderTests
{
    private static readonly OtlpEncoderOptions Options = new() { ScopeVersion = "1.2.3" };

    private static Decoded Encode(Expected expected, OtlpEncoderOptions? options = null)
    {
        using var lease = expected.Build();
        return Encode(lease.Snapshot, options);
    }

    private static Decoded Encode(MetricSnapshot snapshot, OtlpEncoderOptions? options = null)
    {
        using var payload = new OtlpPayload();
        new OtlpMetricsEncoder(options ?? Options).Encode(snapshot, payload);
        return new Decoded(payload);
    }

    private static void ShouldEqual(Decoded decoded, Expected expected)
    {
        var numbers = decoded.Numbers.ToDictionary(x => Decoded.Key(x.Resource, x.Metric, x.Point.Attributes));
        var exported = expected.Numbers.Where(x => x.Series.Metric != MetricCatalog.WorkloadInfo).ToList();
        numbers.Count.ShouldBe(exported.Count);
        foreach (var (series, value) in exported)
        {
            var (_, metric, point) = numbers[KeyOf(series)];
            point.AsDouble.ShouldBe(value);
            point.TimeUnixNano.ShouldBe(Expected.Time);
            metric.Unit.ShouldBe(series.Metric.Unit);
            metric.Description.ShouldBe(series.Metric.Help);
            if (series.Metric.Kind == MetricKind.Counter)
            {
                metric.Sum.IsMonotonic.ShouldBeTrue();
                metric.Sum.AggregationTemporality.ShouldBe(AggregationTemporality.Cumulative);
                point.StartTimeUnixNano.ShouldBe(series.StartTimeUnixNano);
            }
            else
            {
                metric.DataCase.ShouldBe(Metric.DataOneofCase.Gauge);
                point.StartTimeUnixNano.ShouldBe(0UL);
            }
        }
        ShouldEqualHistograms(decoded, expected);
    }

    private static void ShouldEqualHistograms(Decoded decoded, Expected expected)
    {
        var histograms = decoded.Histograms.ToDictionary(x => Decoded.Key(x.Resource, x.Metric, x.Point.Attributes));
        histograms.Count.ShouldBe(expected.Histograms.Count);
        foreach (var (series, sum, cells) in expected.Histograms)
        {
            var (_, metric, point) = histograms[KeyOf(series)];
            metric.ExponentialHistogram.AggregationTemporality.ShouldBe(AggregationTemporality.Cumulative);
            point.HasSum.ShouldBeTrue();
            point.Sum.ShouldBe(sum);
            point.StartTimeUnixNano.ShouldBe(series.StartTimeUnixNano);
            point.TimeUnixNano.ShouldBe(Expected.Time);
            point.Scale.ShouldBe(2);
            point.ZeroThreshold.ShouldBe(Math.Pow(2, -24));
            point.ZeroCount.ShouldBe(cells[0]);
            point.Count.ShouldBe(cells.Aggregate(0UL, (total, count) => total + count));
            CellsOf(point).ShouldBe(cells);
        }
    }

    // The specification's own arithmetic: bucket i counts (base^i, base^(i+1)], base = 2^(2^-scale).
    private static ulong[] CellsOf(ExponentialHistogramDataPoint point)
    {
        var cells = new ulong[ExponentialLayout.Cells];
        cells[0] = point.ZeroCount;
        for (var i = 0; i < (point.Positive?.BucketCounts.Count ?? 0); i++)
        {
            var upper = Math.Pow(2, Math.Pow(2, -point.Scale) * (point.Positive!.Offset + i + 1));
            var cell = Enumerable.Range(1, ExponentialLayout.Cells - 1).Single(k => Math.Abs(ExponentialLayout.UpperBound(k) - upper) < upper * 1e-12);
            cells[cell] = point.Positive.BucketCounts[i];
        }
        return cells;
    }

    private static string KeyOf(Series series) => Decoded.Key(series.Metric.OtelName,
        series.Resource.Labels.FirstOrDefault(l => l.Name == "workload_id").Value,
        series.Labels.Select(l => new KeyValuePair<string, string>(OtlpAttributeNames.OfLabel(l.Name), l.Value)));

    [Fact]
    public void Encode_EveryKindOfMetric_EqualsSnapshot()
    {
        var expected = Expected.Mixed(50);
        ShouldEqual(Encode(expected), expected);
    }

    [Fact]
    public void Encode_WorkloadsAndHost_OneResourceEach()
    {
        var request = Encode(Expected.Mixed(7)).Requests.ShouldHaveSingleItem();
        request.ResourceMetrics.Count.ShouldBe(8);
        request.ResourceMetrics.Select(r => Decoded.ToDictionary(r.Resource.Attributes).GetValueOrDefault("container.id")).Distinct().Count().ShouldBe(8);
        foreach (var resource in request.ResourceMetrics)
        {
            var scope = resource.ScopeMetrics.ShouldHaveSingleItem();
            scope.Scope.Name.ShouldBe("observe");
            scope.Scope.Version.ShouldBe("1.2.3");
            scope.Metrics.Select(m => m.Name).ShouldBeUnique();
        }
    }

    [Fact]
    public void Encode_WorkloadInfo_IsLeftToTheResource()
    {
        var decoded = Encode(Expected.Mixed(3));
        decoded.Numbers.ShouldNotContain(x => x.Metric.Name == "observe.workload.info");
        decoded.Numbers.Where(x => x.Metric.Name == "observe.build.info").ShouldHaveSingleItem().Point.AsDouble.ShouldBe(1);
    }

    [Fact]
    public void Encode_EveryCell_LandsInTheBucketOfItsBounds()
    {
        for (var cell = 0; cell < ExponentialLayout.Cells; cell++)
        {
            var expected = new Expected();
            expected.AddHistogram(new Series(MetricCatalog.Throttle, Expected.Workload("w"), 1, []), 1.25, (cell, 3));
            var decoded = Encode(expected);
            ShouldEqual(decoded, expected);
            (decoded.Histograms[0].Point.Positive?.BucketCounts.Count ?? 0).ShouldBe(cell == 0 ? 0 : 1);
        }
    }

    [Fact]
    public void Encode_HistogramWithoutObservations_HasCountAndSumZero()
    {
        var expected = new Expected();
        expected.AddHistogram(new Series(MetricCatalog.Throttle, Expected.Workload("w"), 1, []), 0);
        var point = Encode(expected).Histograms.ShouldHaveSingleItem().Point;
        point.Count.ShouldBe(0UL);
        point.HasSum.ShouldBeTrue();
        point.Positive.ShouldBeNull();
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(127UL)]
    [InlineData(128UL)]
    [InlineData(ulong.MaxValue / 2)]
    public void Encode_CountsAtVarintSeams_Survive(ulong count)
    {
        var expected = new Expected();
        expected.AddHistogram(new Series(MetricCatalog.Throttle, Expected.Workload("w"), 1, []), 1, (1, 1), (68, count), (137, 1));
        ShouldEqual(Encode(expected), expected);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.0)]
    [InlineData(double.Epsilon)]
    public void Encode_OddDoubles_KeepTheirBits(double value)
    {
        var expected = new Expected();
        expected.Add(new Series(MetricCatalog.LedgerResidual, Expected.Host, 1, ["0"]), value);
        BitConverter.DoubleToInt64Bits(Encode(expected).Numbers.ShouldHaveSingleItem().Point.AsDouble).ShouldBe(BitConverter.DoubleToInt64Bits(value));
    }

    [Fact]
    public void Encode_AttributesOfAnyText_Survive()
    {
        const string text = "quote\" backslash\\ newline\n \u00e9\u4e2d\ud83d\ude00";
        var expected = new Expected();
        expected.Add(new Series(MetricCatalog.Lost, Expected.Workload("w", new("note", text), new("empty", "")), 1, [text]), 1);
        var (resource, _, point) = Encode(expected).Numbers.ShouldHaveSingleItem();
        Decoded.ToDictionary(point.Attributes)["reason"].ShouldBe(text);
        Decoded.ToDictionary(resource.Resource.Attributes)["note"].ShouldBe(text);
        Decoded.ToDictionary(resource.Resource.Attributes)["empty"].ShouldBe("");
    }

    [Fact]
    public void Encode_LoneSurrogate_StillDecodes()
    {
        var expected = new Expected();
        expected.Add(new Series(MetricCatalog.Lost, Expected.Host, 1, ["bad\ud800end"]), 1);
        Decoded.ToDictionary(Encode(expected).Numbers.ShouldHaveSingleItem().Point.Attributes)["reason"].ShouldBe("bad\ufffdend");
    }

    [Fact]
    public void Encode_ClockSteppedBackBehindStart_PointDoesNotEndBeforeItBegins()
    {
        var expected = new Expected();
        expected.Add(new Series(MetricCatalog.Lost, Expected.Host, Expected.Time + 1, ["x"]), 1);
        Encode(expected).Numbers.ShouldHaveSingleItem().Point.StartTimeUnixNano.ShouldBe(Expected.Time);
    }

    [Fact]
    public void Encode_EmptySnapshot_HasNoRequests() => Encode(new Expected()).Requests.ShouldBeEmpty();

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(2_000)]
    [InlineData(10_000)]
    [InlineData(100_000)]
    public void Encode_WithByteBound_SplitsAtPointsAndLosesNothing(int bound)
    {
        var expected = Expected.Mixed(60);
        using var lease = expected.Build();
        using var payload = new OtlpPayload();
        new OtlpMetricsEncoder(Options with { MaxRequestBytes = bound }).Encode(lease.Snapshot, payload);
        for (var i = 0; i < payload.Count; i++)
        {
            if (payload.BodyOf(i).Length > bound)
                payload.PointsOf(i).ShouldBe(1, "only a point that is larger than the bound by itself may exceed it");
        }
        payload.PointsFrom(0).ShouldBe(lease.Snapshot.PointCount - 60);
        payload.Count.ShouldBeGreaterThan(payload.Length / Math.Max(bound, 1024) / 2);
        ShouldEqual(new Decoded(payload), expected);
    }

    [Fact]
    public void Encode_WithByteBound_FillsRequests()
    {
        using var lease = Expected.Mixed(200).Build();
        using var payload = new OtlpPayload();
        new OtlpMetricsEncoder(Options with { MaxRequestBytes = 20_000 }).Encode(lease.Snapshot, payload);
        payload.Count.ShouldBeGreaterThan(3);
        for (var i = 0; i < payload.Count - 1; i++)
            payload.BodyOf(i).Length.ShouldBeInRange(18_000, 20_000);
    }

    [Fact]
    public void Encode_PayloadUsedAgain_HoldsOnlyTheNewSnapshot()
    {
        var expected = Expected.Mixed(5);
        var encoder = new OtlpMetricsEncoder(Options);
        using var payload = new OtlpPayload();
        using (var first = expected.Build())
            encoder.Encode(first.Snapshot, payload);
        var before = payload.BodyOf(0).ToArray();
        using (var second = expected.BuildAgain())
            encoder.Encode(second.Snapshot, payload);
        payload.Count.ShouldBe(1);
        payload.BodyOf(0).ToArray().ShouldBe(before);
    }

    [Fact]
    public void Encode_ResourceGoneAndBack_IsEncodedAgain()
    {
        var pool = new SnapshotPool();
        var builder = new SnapshotBuilder(MetricCatalog.All, pool);
        var encoder = new OtlpMetricsEncoder(Options);
        using var payload = new OtlpPayload();
        var series = new[] { "a", "b" }.Select(id => new Series(MetricCatalog.QuotaCores, Expected.Workload(id), 1, [])).ToArray();
        foreach (var present in new[] { new[] { 0, 1 }, [1], [0, 1], [0] })
        {
            foreach (var i in present)
                builder.Add(series[i], i);
            using var lease = builder.Build(5);
            encoder.Encode(lease.Snapshot, payload);
            new Decoded(payload).Numbers.Select(x => (Decoded.ToDictionary(x.Resource.Resource.Attributes)["workload.id"], x.Point.AsDouble))
                .ShouldBe(present.Select(i => (i == 0 ? "a" : "b", (double)i)), ignoreOrder: true);
        }
    }

    [Fact]
    public void Encode_KnownSeries_AllocatesNothingPerSeries()
    {
        var expected = Expected.Mixed(1_000);
        var encoder = new OtlpMetricsEncoder(Options);
        using var payload = new OtlpPayload();
        using var lease = expected.Build();
        for (var i = 0; i < 3; i++)
            encoder.Encode(lease.Snapshot, payload);
        var before = GC.GetAllocatedBytesForCurrentThread();
        encoder.Encode(lease.Snapshot, payload);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        payload.PointsFrom(0).ShouldBe(7_005);
        // An enumerator or a rented array dropped by the pool may show up; 7,005 series must not.
        allocated.ShouldBeLessThan(1_000);
    }
}
