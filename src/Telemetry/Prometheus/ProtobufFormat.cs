using System.Buffers;
using Observe.Telemetry.Model;
using Observe.Telemetry.Protobuf;

namespace Observe.Telemetry.Prometheus;

/// <summary>
/// The Prometheus protobuf format: each family an <c>io.prometheus.client.MetricFamily</c> behind its length. Histograms carry
/// their exact native buckets and, for servers that do not take those, the classic ones; and exemplars of both. Names are those of text 0.0.4.
/// Allocates nothing for a series that it has written before.
/// </summary>
public static class ProtobufFormat
{
    /// <summary>Bytes of a length: families take up to 2 MiB before their content must be moved by a byte.</summary>
    private const int FamilyLengthWidth = 3;

    private const int MetricLengthWidth = 2;
    private const int HistogramLengthWidth = 2;

    /// <summary>Kept for the next scrape, as large as the largest family was; a scrape that runs beside another makes its own.</summary>
    private static ProtobufWriter? spare;

    /// <summary>Writes all families of the snapshot that have points.</summary>
    /// <param name="snapshot">The snapshot; the caller holds a lease on it.</param>
    /// <param name="output">Where the bytes go.</param>
    public static void Write(MetricSnapshot snapshot, IBufferWriter<byte> output)
    {
        var writer = Interlocked.Exchange(ref spare, null) ?? new ProtobufWriter();
        var families = snapshot.Families;
        for (var i = 0; i < families.Count; i++)
        {
            if (families[i].Count == 0)
                continue;
            writer.Clear();
            WriteFamily(snapshot, families[i], writer);
            output.Write(writer.Written);
        }
        Volatile.Write(ref spare, writer);
    }

    private static void WriteFamily(MetricSnapshot snapshot, MetricFamily family, ProtobufWriter writer)
    {
        var metric = family.Metric;
        var message = writer.BeginDelimited(FamilyLengthWidth);
        writer.WriteString(Field.FamilyName, metric.PrometheusName);
        writer.WriteString(Field.FamilyHelp, metric.Help);
        writer.WriteVarint(Field.FamilyType, TypeOf(metric.Kind));
        foreach (ref readonly var point in family.Points)
            WriteMetric(snapshot, metric.Kind, point, writer);
        if (FamilyText.Of(metric).Unit is { } unit)
            writer.WriteString(Field.FamilyUnit, unit);
        writer.End(message);
    }

    private static void WriteMetric(MetricSnapshot snapshot, MetricKind kind, in Point point, ProtobufWriter writer)
    {
        var metric = writer.Begin(Field.FamilyMetric, MetricLengthWidth);
        LabelEncoding.WriteProtobuf(point.Series, writer);
        switch (kind)
        {
            case MetricKind.Counter:
                var counter = writer.Begin(Field.MetricCounter);
                writer.WriteDouble(Field.CounterValue, point.Value);
                WriteCreated(Field.CounterCreated, point.Series.StartTimeUnixNano, writer);
                writer.End(counter);
                break;
            case MetricKind.Histogram:
                WriteHistogram(snapshot.CellsOf(point), snapshot.ExemplarsOf(point), point, writer);
                break;
            default:
                var gauge = writer.Begin(Field.MetricGauge);
                writer.WriteDouble(Field.GaugeValue, kind == MetricKind.Info ? 1 : point.Value);
                writer.End(gauge);
                break;
        }
        writer.End(metric);
    }

    private static void WriteHistogram(ReadOnlySpan<ulong> cells, ReadOnlySpan<Exemplar> exemplars, in Point point, ProtobufWriter writer)
    {
        var histogram = writer.Begin(Field.MetricHistogram, HistogramLengthWidth);
        writer.WriteVarint(Field.HistogramCount, point.Count);
        writer.WriteDouble(Field.HistogramSum, point.Value);
        WriteClassicBuckets(cells, exemplars, writer);
        writer.WriteZigZag(Field.HistogramSchema, ExponentialLayout.Scale);
        writer.WriteDouble(Field.HistogramZeroThreshold, ExponentialLayout.ZeroThreshold);
        writer.WriteVarint(Field.HistogramZeroCount, cells[0]);
        NativeBuckets.Write(cells, writer);
        WriteCreated(Field.HistogramCreated, point.Series.StartTimeUnixNano, writer);
        // Once more: those on buckets belong to the classic series, these to the native one. Servers that know this field look nowhere else.
        foreach (ref readonly var exemplar in exemplars)
            WriteExemplar(Field.HistogramExemplars, exemplar, writer);
        writer.End(histogram);
    }

    private static void WriteClassicBuckets(ReadOnlySpan<ulong> cells, ReadOnlySpan<Exemplar> exemplars, ProtobufWriter writer)
    {
        var cumulative = 0UL;
        for (int bucket = 0, cell = 0; bucket <= ClassicBuckets.Count; bucket++)
        {
            for (var end = ClassicBuckets.EndCell(bucket); cell < end; cell++)
                cumulative += cells[cell];
            var message = writer.Begin(Field.HistogramBucket);
            writer.WriteVarint(Field.BucketCumulativeCount, cumulative);
            writer.WriteDouble(Field.BucketUpperBound, ClassicBuckets.Bound(bucket));
            if (ClassicBuckets.TakeFrom(ref exemplars, bucket, out var exemplar))
                WriteExemplar(Field.BucketExemplar, exemplar, writer);
            writer.End(message);
        }
    }

    private static void WriteExemplar(int field, in Exemplar exemplar, ProtobufWriter writer)
    {
        Span<byte> digits = stackalloc byte[ExemplarLabels.TraceIdLength];
        var message = writer.Begin(field);
        ExemplarLabels.Format(exemplar.TraceId, digits);
        WriteLabel(ExemplarLabels.TraceId, digits, writer);
        ExemplarLabels.Format(exemplar.SpanId, digits);
        WriteLabel(ExemplarLabels.SpanId, digits[..ExemplarLabels.SpanIdLength], writer);
        writer.WriteDouble(Field.ExemplarValue, exemplar.Value);
        WriteTimestamp(Field.ExemplarTimestamp, exemplar.TimeUnixNano, writer);
        writer.End(message);
    }

    private static void WriteLabel(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ProtobufWriter writer)
    {
        var pair = writer.Begin(Field.ExemplarLabel);
        writer.WriteBytes(Field.PairName, name);
        writer.WriteBytes(Field.PairValue, value);
        writer.End(pair);
    }

    private static void WriteCreated(int field, ulong startTimeUnixNano, ProtobufWriter writer)
    {
        // 0 means that the start is not known.
        if (startTimeUnixNano != 0)
            WriteTimestamp(field, startTimeUnixNano, writer);
    }

    private static void WriteTimestamp(int field, ulong timeUnixNano, ProtobufWriter writer)
    {
        const ulong nanosecondsPerSecond = 1_000_000_000;
        var timestamp = writer.Begin(field);
        if (timeUnixNano / nanosecondsPerSecond is > 0 and var seconds)
            writer.WriteVarint(Field.TimestampSeconds, seconds);
        if (timeUnixNano % nanosecondsPerSecond is > 0 and var nanos)
            writer.WriteVarint(Field.TimestampNanos, nanos);
        writer.End(timestamp);
    }

    private static ulong TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => 0,
        MetricKind.Gauge or MetricKind.Info => 1,
        MetricKind.Histogram => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a metric kind"),
    };

    /// <summary>Field numbers of io/prometheus/client/metrics.proto and google/protobuf/timestamp.proto.</summary>
    internal static class Field
    {
        public const int FamilyName = 1, FamilyHelp = 2, FamilyType = 3, FamilyMetric = 4, FamilyUnit = 5;
        public const int MetricGauge = 2, MetricCounter = 3, MetricHistogram = 7;
        public const int GaugeValue = 1, CounterValue = 1, CounterCreated = 3;
        public const int HistogramCount = 1, HistogramSum = 2, HistogramBucket = 3, HistogramSchema = 5, HistogramZeroThreshold = 6;
        public const int HistogramZeroCount = 7, HistogramPositiveSpan = 12, HistogramPositiveDelta = 13, HistogramCreated = 15;
        public const int HistogramExemplars = 16;
        public const int BucketCumulativeCount = 1, BucketUpperBound = 2, BucketExemplar = 3;
        public const int ExemplarLabel = 1, ExemplarValue = 2, ExemplarTimestamp = 3;
        public const int PairName = 1, PairValue = 2;
        public const int SpanOffset = 1, SpanLength = 2;
        public const int TimestampSeconds = 1, TimestampNanos = 2;
    }
}
