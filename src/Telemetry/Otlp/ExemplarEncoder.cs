using System.Buffers.Binary;
using Observe.Telemetry.Model;
using static Observe.Telemetry.Otlp.OtlpFields;

namespace Observe.Telemetry.Otlp;

/// <summary>
/// Encodes the exemplars of a data point: those observed between its start and its time, as the SDK specification asks of cumulative points.
/// One is sent as long as it is held, not once: an export that fails costs none, and receivers pass over what they have.
/// </summary>
internal static class ExemplarEncoder
{
    private const byte TraceIdLength = 16;
    private const byte SpanIdLength = sizeof(ulong);
    private const int Fixed64Length = 1 + sizeof(ulong);

    /// <summary>Bytes of an <c>Exemplar</c> message: below 128, so that its length takes one.</summary>
    private const byte MessageLength = (2 * Fixed64Length) + 2 + SpanIdLength + 2 + TraceIdLength;

    /// <summary>Bytes of those that are sent, with tags and lengths.</summary>
    /// <param name="exemplars">The histogram's.</param>
    /// <param name="start">Since when the point accumulates, ns since the Unix epoch.</param>
    /// <param name="time">Its time.</param>
    public static int SizeOf(ReadOnlySpan<Exemplar> exemplars, ulong start, ulong time)
    {
        var size = 0;
        foreach (ref readonly var exemplar in exemplars)
            size += IsWithin(exemplar, start, time) ? 2 + MessageLength : 0;
        return size;
    }

    /// <summary>Writes them.</summary>
    /// <param name="exemplars">The histogram's.</param>
    /// <param name="start">Since when the point accumulates.</param>
    /// <param name="time">Its time.</param>
    /// <param name="to">At least <see cref="SizeOf"/> bytes.</param>
    public static void Write(ReadOnlySpan<Exemplar> exemplars, ulong start, ulong time, Span<byte> to)
    {
        foreach (ref readonly var exemplar in exemplars)
        {
            if (!IsWithin(exemplar, start, time))
                continue;
            to[0] = HistogramExemplars;
            to[1] = MessageLength;
            Put(exemplar, to.Slice(2, MessageLength));
            to = to[(2 + MessageLength)..];
        }
    }

    private static bool IsWithin(in Exemplar exemplar, ulong start, ulong time) => start <= exemplar.TimeUnixNano && exemplar.TimeUnixNano <= time;

    private static void Put(in Exemplar exemplar, Span<byte> to)
    {
        to[0] = ExemplarTime;
        BinaryPrimitives.WriteUInt64LittleEndian(to[1..], exemplar.TimeUnixNano);
        to = to[Fixed64Length..];
        to[0] = ExemplarAsDouble;
        BinaryPrimitives.WriteDoubleLittleEndian(to[1..], exemplar.Value);
        to = to[Fixed64Length..];
        // Ids are bytes, the first one first, as they are read in hexadecimal.
        to[0] = ExemplarSpanId;
        to[1] = SpanIdLength;
        BinaryPrimitives.WriteUInt64BigEndian(to[2..], exemplar.SpanId);
        to = to[(2 + SpanIdLength)..];
        to[0] = ExemplarTraceId;
        to[1] = TraceIdLength;
        BinaryPrimitives.WriteUInt128BigEndian(to[2..], exemplar.TraceId);
    }
}
