using Observe.Telemetry.Model;
using Observe.Telemetry.Otlp;
using OpenTelemetry.Proto.Metrics.V1;
using Exemplar = Observe.Telemetry.Model.Exemplar;

namespace Observe.Telemetry.Tests.Otlp;

/// <summary>Exemplars as the official types read them.</summary>
public sealed class ExemplarEncodingTests
{
    private const ulong Time = Expected.Time;
    private const ulong Start = Time - 60_000_000_000;

    [Fact]
    public void Encode_Exemplars_KeepValueTimeAndIds()
    {
        Exemplar[] offered =
        [
            new(0.02, Time - 7, new UInt128(0x0af7651916cd43dd, 0x8448eb211c80319c), 0xb7ad6b7169203331),
            new(1.0, Time - 5, 1, 1),
            new(1e9, Time - 3, UInt128.MaxValue, ulong.MaxValue),
        ];
        var point = Encode(offered);

        point.Exemplars.Select(each => (each.AsDouble, each.TimeUnixNano)).ShouldBe(offered.Select(each => (each.Value, each.TimeUnixNano)));
        point.Exemplars.ShouldAllBe(each => each.ValueCase == OpenTelemetry.Proto.Metrics.V1.Exemplar.ValueOneofCase.AsDouble && each.FilteredAttributes.Count == 0);
        // The bytes are the hexadecimal text of the other formats.
        Convert.ToHexStringLower(point.Exemplars[0].TraceId.Span).ShouldBe("0af7651916cd43dd8448eb211c80319c");
        Convert.ToHexStringLower(point.Exemplars[0].SpanId.Span).ShouldBe("b7ad6b7169203331");
        Convert.ToHexStringLower(point.Exemplars[1].TraceId.Span).ShouldBe("00000000000000000000000000000001");
        Convert.ToHexStringLower(point.Exemplars[1].SpanId.Span).ShouldBe("0000000000000001");
        Convert.ToHexStringLower(point.Exemplars[2].TraceId.Span).ShouldBe(new string('f', 32));
        Convert.ToHexStringLower(point.Exemplars[2].SpanId.Span).ShouldBe(new string('f', 16));
    }

    [Fact]
    public void Encode_Exemplars_LeaveTheRestOfThePointAsItIs()
    {
        var with = Encode([new(0.02, Time, 1, 1), new(5, Time, 2, 2)], (1, 3), (60, ulong.MaxValue / 4), (137, 1));
        var without = Encode([], (1, 3), (60, ulong.MaxValue / 4), (137, 1));

        with.Exemplars.Count.ShouldBe(2);
        with.Exemplars.Clear();
        with.ShouldBe(without);
        without.Positive.BucketCounts.Count.ShouldBe(137);
    }

    [Theory]
    [InlineData(Start - 1, false)]
    [InlineData(Start, true)]
    [InlineData(Time, true)]
    [InlineData(Time + 1, false)]
    public void Encode_ExemplarAtTheWindowsEnds_OnlyThoseWithin(ulong time, bool sent) => Encode([new(0.02, time, 1, 1)]).Exemplars.Count.ShouldBe(sent ? 1 : 0);

    [Fact]
    public void Encode_NoObservationsYet_ExemplarsStandAlone() => Encode([new(0.02, Time, 1, 1)]).Exemplars.ShouldHaveSingleItem().AsDouble.ShouldBe(0.02);

    [Fact]
    public void Encode_NextSnapshot_SendsThemAgainUntilTheyAreOld()
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        var encoder = new OtlpMetricsEncoder(new OtlpEncoderOptions());
        using var payload = new OtlpPayload();
        var slots = new ExemplarSlots();
        slots.Offer(new Exemplar(0.02, Time, 1, 1));
        var series = new Series(MetricCatalog.RunqueueWait, Expected.Workload("w"), Start, []);
        foreach (var (age, count) in new[] { (0UL, 1), (ExemplarSlots.MaxAgeNano, 1), (ExemplarSlots.MaxAgeNano + 1, 0) })
        {
            builder.AddHistogram(series, 0, 0, new ulong[ExponentialLayout.Cells], slots);
            using var lease = builder.Build(Time + age);
            encoder.Encode(lease.Snapshot, payload);
            new Decoded(payload).Histograms.ShouldHaveSingleItem().Point.Exemplars.Count.ShouldBe(count);
        }
    }

    [Fact]
    public void Encode_SmallRequests_ExemplarsCountTowardsTheBound()
    {
        const int bound = 4096;
        using var lease = BuildMany(200);
        using var payload = new OtlpPayload();
        new OtlpMetricsEncoder(new OtlpEncoderOptions { MaxRequestBytes = bound }).Encode(lease.Snapshot, payload);

        payload.Count.ShouldBeGreaterThan(50);
        for (var i = 0; i < payload.Count; i++)
            payload.BodyOf(i).Length.ShouldBeLessThanOrEqualTo(bound);
        new Decoded(payload).Histograms.Sum(each => each.Point.Exemplars.Count).ShouldBe(200 * ExemplarSlots.Capacity);
    }

    [Fact]
    public void Encode_KnownSeriesWithExemplars_AllocatesNothingPerSeries()
    {
        using var lease = BuildMany(1_000);
        var encoder = new OtlpMetricsEncoder(new OtlpEncoderOptions());
        using var payload = new OtlpPayload();
        for (var i = 0; i < 3; i++)
            encoder.Encode(lease.Snapshot, payload);
        var before = GC.GetAllocatedBytesForCurrentThread();
        encoder.Encode(lease.Snapshot, payload);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000);
    }

    private static MetricSnapshot.Lease BuildMany(int workloads)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        for (var i = 0; i < workloads; i++)
        {
            var slots = new ExemplarSlots();
            for (var octave = -20; octave <= 5; octave++)
                slots.Offer(new Exemplar(Math.Pow(2, octave), Time - 1, (ulong)i + 1, (ulong)i + 1));
            builder.AddHistogram(new Series(MetricCatalog.RunqueueWait, Expected.Workload($"w{i}"), Start, []), 0, 0, new ulong[ExponentialLayout.Cells], slots);
        }
        return builder.Build(Time);
    }

    private static ExponentialHistogramDataPoint Encode(Exemplar[] exemplars, params (int Cell, ulong Count)[] used)
    {
        var cells = new ulong[ExponentialLayout.Cells];
        ulong total = 0;
        foreach (var (cell, count) in used)
            total += cells[cell] = count;
        var slots = new ExemplarSlots();
        foreach (var exemplar in exemplars)
            slots.Offer(exemplar).ShouldBeTrue();
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        builder.AddHistogram(new Series(MetricCatalog.Throttle, Expected.Workload("w"), Start, []), 1.25, total, cells, slots);
        using var lease = builder.Build(Time);
        using var payload = new OtlpPayload();
        new OtlpMetricsEncoder(new OtlpEncoderOptions()).Encode(lease.Snapshot, payload);
        return new Decoded(payload).Histograms.ShouldHaveSingleItem().Point;
    }
}
