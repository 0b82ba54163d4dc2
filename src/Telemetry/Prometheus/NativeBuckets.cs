using Observe.Telemetry.Model;
using Observe.Telemetry.Protobuf;

namespace Observe.Telemetry.Prometheus;

/// <summary>
/// The cells above the zero cell as a native histogram's spans and deltas. A Prometheus bucket of schema 2 is indexed by its
/// upper bound: index i ends at 2^(i/4), so cell k is index k + <see cref="ExponentialLayout.Offset"/>.
/// </summary>
internal static class NativeBuckets
{
    /// <summary>Empty buckets bridged inside a span: each costs two bytes, another span six.</summary>
    private const int BridgedGap = 2;

    /// <summary>Writes the fields <c>positive_span</c> and <c>positive_delta</c> of a histogram.</summary>
    public static void Write(ReadOnlySpan<ulong> cells, ProtobufWriter writer)
    {
        var afterPrevious = -ExponentialLayout.Offset;
        for (var span = NextSpan(cells, 1); span.Length > 0; span = NextSpan(cells, span.Start + span.Length))
        {
            var message = writer.Begin(ProtobufFormat.Field.HistogramPositiveSpan);
            writer.WriteZigZag(ProtobufFormat.Field.SpanOffset, span.Start - afterPrevious);
            writer.WriteVarint(ProtobufFormat.Field.SpanLength, (ulong)span.Length);
            writer.End(message);
            afterPrevious = span.Start + span.Length;
        }
        WriteDeltas(cells, writer);
    }

    private static void WriteDeltas(ReadOnlySpan<ulong> cells, ProtobufWriter writer)
    {
        var previous = 0UL;
        for (var span = NextSpan(cells, 1); span.Length > 0; span = NextSpan(cells, span.Start + span.Length))
        {
            foreach (var count in cells.Slice(span.Start, span.Length))
            {
                // Not packed: metrics.proto is proto2, and these are the bytes that its own encoders write.
                writer.WriteZigZag(ProtobufFormat.Field.HistogramPositiveDelta, (long)(count - previous));
                previous = count;
            }
        }
    }

    /// <summary>The next run of cells that starts and ends with a used one and has no long gap in it; of length 0 at the end.</summary>
    private static (int Start, int Length) NextSpan(ReadOnlySpan<ulong> cells, int from)
    {
        var start = cells[from..].IndexOfAnyExcept(0UL);
        if (start < 0)
            return (cells.Length, 0);
        start += from;
        var end = start + 1;
        for (var i = end; i < cells.Length && i - end <= BridgedGap; i++)
        {
            if (cells[i] != 0)
                end = i + 1;
        }
        return (start, end - start);
    }
}
