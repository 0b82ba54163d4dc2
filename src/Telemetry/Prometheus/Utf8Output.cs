using System.Buffers;
using System.Buffers.Text;

namespace Observe.Telemetry.Prometheus;

/// <summary>Collects small writes in a span of the output, so that the output is asked for room once a few KiB, not once a label.</summary>
/// <param name="output">Where the bytes go; complete only after <see cref="Flush"/>.</param>
internal ref struct Utf8Output(IBufferWriter<byte> output)
{
    /// <summary>Bytes asked of the output at a time: the block size of Kestrel's pipes, which would rent larger ones.</summary>
    private const int Chunk = 4096;

    /// <summary>Longest number in bytes: a trace's id in hexadecimal; a double takes 24, a UInt64 20.</summary>
    private const int MaxNumberLength = 32;

    private readonly IBufferWriter<byte> output = output;
    private Span<byte> span;
    private int used;

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > span.Length - used)
        {
            var part = span.Length - used;
            bytes[..part].CopyTo(span[used..]);
            used += part;
            bytes = bytes[part..];
            Next(Chunk);
        }
        bytes.CopyTo(span[used..]);
        used += bytes.Length;
    }

    public void Write(ulong value)
    {
        Reserve(MaxNumberLength);
        Utf8Formatter.TryFormat(value, span[used..], out var written);
        used += written;
    }

    /// <summary>A number as Go's <c>strconv</c> prints it with format 'g' and precision -1.</summary>
    public void WriteFloat(double value)
    {
        Reserve(MaxNumberLength);
        used += GoFloat.Format(value, span[used..]);
    }

    /// <summary>The same, but recognisable as a float even when it is whole: <c>17.0</c>, as OpenMetrics prefers.</summary>
    public void WriteOpenMetricsFloat(double value)
    {
        Reserve(MaxNumberLength);
        var number = span[used..];
        var written = GoFloat.Format(value, number);
        if (double.IsFinite(value) && !number[..written].ContainsAny((byte)'.', (byte)'e'))
        {
            number[written++] = (byte)'.';
            number[written++] = (byte)'0';
        }
        used += written;
    }

    /// <summary>Seconds since the epoch from nanoseconds, exactly: a double would lose the last two digits.</summary>
    public void WriteSeconds(ulong nanoseconds)
    {
        const int digits = 9;
        const ulong nanosecondsPerSecond = 1_000_000_000;
        Write(nanoseconds / nanosecondsPerSecond);
        var fraction = nanoseconds % nanosecondsPerSecond;
        Reserve(MaxNumberLength);
        span[used++] = (byte)'.';
        for (var i = digits - 1; i >= 0; i--, fraction /= 10)
            span[used + i] = (byte)('0' + (fraction % 10));
        // At least one digit stays.
        used += Math.Max(1, span.Slice(used, digits).LastIndexOfAnyExcept((byte)'0') + 1);
    }

    /// <summary>An id of 128 bits in hexadecimal.</summary>
    public void WriteHex(UInt128 id)
    {
        Reserve(MaxNumberLength);
        ExemplarLabels.Format(id, span[used..]);
        used += ExemplarLabels.TraceIdLength;
    }

    /// <summary>An id of 64 bits in hexadecimal.</summary>
    public void WriteHex(ulong id)
    {
        Reserve(MaxNumberLength);
        ExemplarLabels.Format(id, span[used..]);
        used += ExemplarLabels.SpanIdLength;
    }

    /// <summary>Hands over what is still held.</summary>
    public void Flush()
    {
        output.Advance(used);
        used = 0;
        span = default;
    }

    private void Reserve(int count)
    {
        if (span.Length - used < count)
            Next(Chunk);
    }

    private void Next(int size)
    {
        if (used > 0)
            output.Advance(used);
        used = 0;
        span = output.GetSpan(size);
    }
}
