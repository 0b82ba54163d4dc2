using System.Buffers.Binary;
using Observe.Telemetry.Model;
using static Observe.Telemetry.Otlp.OtlpFields;
using static Observe.Telemetry.Otlp.ProtobufBuffer;

namespace Observe.Telemetry.Otlp;

/// <summary>One data point, measured before it is written, so that requests can be split in front of it.</summary>
internal readonly ref struct DataPoint
{
    private const int Fixed64Size = 1 + sizeof(ulong);
    private const int ScaleSize = 2;

    private readonly Point point;
    private readonly MetricKind kind;
    private readonly ulong start;
    private readonly ulong time;
    private readonly byte[] attributes;
    private readonly int messageSize;

    // Histograms only: the used cells above the zero cell, their first, exemplars, and sizes of the nested messages.
    private readonly ReadOnlySpan<ulong> cells;
    private readonly int offset;
    private readonly ulong zeroCount;
    private readonly int countsSize;
    private readonly int bucketsSize;
    private readonly ReadOnlySpan<Exemplar> exemplars;

    public DataPoint(MetricSnapshot snapshot, MetricDescriptor metric, in Point point)
    {
        this.point = point;
        kind = metric.Kind;
        time = point.TimeUnixNano == 0 ? snapshot.TimeUnixNano : point.TimeUnixNano;
        // A clock stepped back must not make a point end before it began: receivers reject such points.
        start = Math.Min(point.Series.StartTimeUnixNano, time);
        attributes = AttributesOf(point.Series);
        var exemplarsSize = 0;
        if (kind is MetricKind.Histogram)
        {
            var all = snapshot.CellsOf(point);
            zeroCount = all[0];
            cells = Used(all, out offset);
            countsSize = SizeOfCounts(cells);
            bucketsSize = cells.IsEmpty ? 0 : 1 + VarintSize(ZigZag(offset)) + 1 + VarintSize((ulong)countsSize) + countsSize;
            exemplars = snapshot.ExemplarsOf(point);
            exemplarsSize = ExemplarEncoder.SizeOf(exemplars, start, time);
        }
        messageSize = attributes.Length + kind switch
        {
            MetricKind.Histogram => (6 * Fixed64Size) + ScaleSize + (cells.IsEmpty ? 0 : 1 + VarintSize((ulong)bucketsSize) + bucketsSize) + exemplarsSize,
            MetricKind.Counter => 3 * Fixed64Size,
            _ => 2 * Fixed64Size,
        };
    }

    /// <summary>A number of a counter or gauge with a time of its own.</summary>
    public DataPoint(Series series, double value, ulong timeUnixNano)
    {
        point = new Point(series, value);
        kind = series.Metric.Kind;
        time = timeUnixNano;
        start = Math.Min(series.StartTimeUnixNano, time);
        attributes = AttributesOf(series);
        messageSize = attributes.Length + (kind is MetricKind.Counter ? 3 : 2) * Fixed64Size;
    }

    /// <summary>Bytes on the wire, with tag and length.</summary>
    public int Size => 1 + VarintSize((ulong)messageSize) + messageSize;

    public void Write(ProtobufBuffer buffer)
    {
        var span = buffer.Take(Size);
        span[0] = DataPoints;
        span = span[1..];
        PutVarint(ref span, (ulong)messageSize);
        attributes.CopyTo(span);
        span = span[attributes.Length..];
        // A gauge holds at one time only; a start would be noise.
        if (kind is MetricKind.Counter or MetricKind.Histogram)
            PutFixed64(ref span, PointStartTime, start);
        PutFixed64(ref span, PointTime, time);
        if (kind is MetricKind.Histogram)
            WriteHistogram(span);
        else
            PutFixed64(ref span, NumberAsDouble, BitConverter.DoubleToUInt64Bits(point.Value));
    }

    private void WriteHistogram(Span<byte> span)
    {
        PutFixed64(ref span, HistogramCount, point.Count);
        PutFixed64(ref span, HistogramSum, BitConverter.DoubleToUInt64Bits(point.Value));
        PutFixed64(ref span, HistogramZeroCount, zeroCount);
        PutFixed64(ref span, HistogramZeroThreshold, BitConverter.DoubleToUInt64Bits(ExponentialLayout.ZeroThreshold));
        PutTag(ref span, HistogramScale);
        PutVarint(ref span, ZigZag(ExponentialLayout.Scale));
        if (!cells.IsEmpty)
            WriteBuckets(ref span);
        ExemplarEncoder.Write(exemplars, start, time, span);
    }

    private void WriteBuckets(ref Span<byte> span)
    {
        PutTag(ref span, HistogramPositive);
        PutVarint(ref span, (ulong)bucketsSize);
        PutTag(ref span, BucketsOffset);
        PutVarint(ref span, ZigZag(offset));
        PutTag(ref span, BucketsCounts);
        PutVarint(ref span, (ulong)countsSize);
        foreach (var count in cells)
            PutVarint(ref span, count);
    }

    private static byte[] AttributesOf(Series series)
    {
        if (series.EncodedLabels.OtlpAttributes is { } cached)
            return cached;
        var field = series.Metric.Kind is MetricKind.Histogram ? HistogramAttributes : NumberAttributes;
        var buffer = new ProtobufBuffer();
        foreach (var label in series.Labels)
            AttributeEncoder.Write(buffer, field, OtlpAttributeNames.OfLabel(label.Name), label.Value);
        var encoded = buffer.Slice(0, buffer.Length).ToArray();
        buffer.Clear();
        return series.EncodedLabels.OtlpAttributes = encoded;
    }

    // OTLP bucket i holds (base^i, base^(i+1)]; cell k holds (base^(k-1+Offset), base^(k+Offset)]: bucket k-1+Offset.
    private static ReadOnlySpan<ulong> Used(ReadOnlySpan<ulong> all, out int offset)
    {
        var first = all[1..].IndexOfAnyExcept(0UL);
        offset = first + ExponentialLayout.Offset;
        return first < 0 ? [] : all[(first + 1)..(all.LastIndexOfAnyExcept(0UL) + 1)];
    }

    private static int SizeOfCounts(ReadOnlySpan<ulong> counts)
    {
        var size = 0;
        foreach (var count in counts)
            size += VarintSize(count);
        return size;
    }

    private static ulong ZigZag(int value) => (uint)(value << 1 ^ value >> 31);

    private static void PutTag(ref Span<byte> span, byte tag)
    {
        span[0] = tag;
        span = span[1..];
    }

    private static void PutFixed64(ref Span<byte> span, byte tag, ulong value)
    {
        span[0] = tag;
        BinaryPrimitives.WriteUInt64LittleEndian(span[1..], value);
        span = span[Fixed64Size..];
    }
}
