using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Observe.Telemetry.Protobuf;

/// <summary>
/// Writes the protobuf wire format (https://protobuf.dev/programming-guides/encoding) into one growing array that is kept for
/// the next message, so that writing in a steady state allocates nothing. Lengths are always in their shortest form: the bytes
/// are those that the official encoders write. Field defaults are the caller's business: what is asked for is written.
/// One writer serves one thread at a time.
/// </summary>
public sealed class ProtobufWriter
{
    /// <summary>Longest varint: 64 bits in groups of seven.</summary>
    private const int MaxVarintLength = 10;

    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int LengthDelimitedType = 2;

    private byte[] buffer;

    /// <summary>A writer whose array starts with this many bytes.</summary>
    /// <param name="capacity">Bytes, at least 1.</param>
    public ProtobufWriter(int capacity = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        buffer = new byte[capacity];
    }

    /// <summary>Number of bytes written since the last <see cref="Clear"/>.</summary>
    public int Length { get; private set; }

    /// <summary>What was written since the last <see cref="Clear"/>; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    /// <summary>The same bytes as <see cref="Written"/> for asynchronous senders; valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => buffer.AsMemory(0, Length);

    /// <summary>Bytes the array can take before it grows.</summary>
    public int Capacity => buffer.Length;

    /// <summary>Forgets what was written and keeps the array.</summary>
    public void Clear() => Length = 0;

    /// <summary>A <c>uint32</c>, <c>uint64</c>, <c>int64</c> (cast), <c>enum</c> or <c>bool</c> field.</summary>
    /// <param name="field">Field number, 1 to 2^29 - 1.</param>
    /// <param name="value">The value.</param>
    public void WriteVarint(int field, ulong value)
    {
        WriteTag(field, VarintType);
        WriteRawVarint(value);
    }

    /// <summary>A <c>sint32</c> or <c>sint64</c> field (zigzag).</summary>
    /// <param name="field">Field number.</param>
    /// <param name="value">The value.</param>
    public void WriteZigZag(int field, long value) => WriteVarint(field, ZigZag(value));

    /// <summary>A <c>fixed64</c> or <c>sfixed64</c> (cast) field.</summary>
    /// <param name="field">Field number.</param>
    /// <param name="value">The value.</param>
    public void WriteFixed64(int field, ulong value)
    {
        WriteTag(field, Fixed64Type);
        WriteRawFixed64(value);
    }

    /// <summary>A <c>double</c> field.</summary>
    /// <param name="field">Field number.</param>
    /// <param name="value">The value.</param>
    public void WriteDouble(int field, double value) => WriteFixed64(field, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A <c>string</c> field; what is not valid UTF-16 becomes U+FFFD, because decoders reject invalid UTF-8.</summary>
    /// <param name="field">Field number.</param>
    /// <param name="value">The text.</param>
    public void WriteString(int field, ReadOnlySpan<char> value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteTag(field, LengthDelimitedType);
        WriteRawVarint((ulong)length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
        Length += length;
    }

    /// <summary>A <c>bytes</c> field, or a <c>string</c> or message that is encoded already.</summary>
    /// <param name="field">Field number.</param>
    /// <param name="value">The content.</param>
    public void WriteBytes(int field, ReadOnlySpan<byte> value)
    {
        WriteTag(field, LengthDelimitedType);
        WriteRawVarint((ulong)value.Length);
        WriteRaw(value);
    }

    /// <summary>Opens a nested message or a packed field; everything written until <see cref="End"/> is its content.</summary>
    /// <param name="field">Field number.</param>
    /// <param name="lengthWidth">
    /// Bytes that the length is expected to take (1 below 128 bytes of content, 2 below 16 KiB, 3 below 2 MiB). Only a matter of
    /// speed: the content is moved when the guess was wrong.
    /// </param>
    /// <returns>What <see cref="End"/> is to be called with.</returns>
    public Mark Begin(int field, int lengthWidth = 1)
    {
        WriteTag(field, LengthDelimitedType);
        return BeginDelimited(lengthWidth);
    }

    /// <summary>Opens a message that stands by itself behind its length, as in a delimited stream.</summary>
    /// <param name="lengthWidth">As for <see cref="Begin"/>.</param>
    /// <returns>What <see cref="End"/> is to be called with.</returns>
    public Mark BeginDelimited(int lengthWidth = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthWidth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthWidth, MaxVarintLength);
        Reserve(lengthWidth);
        Length += lengthWidth;
        return new Mark(Length, lengthWidth);
    }

    /// <summary>Closes what was opened last and is still open.</summary>
    /// <param name="mark">What opening it returned.</param>
    public void End(Mark mark)
    {
        var content = Length - mark.Start;
        var width = VarintLength((ulong)content);
        var shift = width - mark.LengthWidth;
        if (shift != 0)
        {
            if (shift > 0)
                Reserve(shift);
            buffer.AsSpan(mark.Start, content).CopyTo(buffer.AsSpan(mark.Start + shift));
            Length += shift;
        }
        PutVarint(buffer.AsSpan(mark.Start - mark.LengthWidth, width), (ulong)content);
    }

    /// <summary>Bytes that are encoded already, tags included.</summary>
    /// <param name="encoded">The bytes, copied.</param>
    public void WriteRaw(ReadOnlySpan<byte> encoded)
    {
        encoded.CopyTo(Reserve(encoded.Length));
        Length += encoded.Length;
    }

    /// <summary>An element of a packed <c>uint64</c> field.</summary>
    /// <param name="value">The value.</param>
    public void WriteRawVarint(ulong value) => Length += PutVarint(Reserve(MaxVarintLength), value);

    /// <summary>An element of a packed <c>sint64</c> field.</summary>
    /// <param name="value">The value.</param>
    public void WriteRawZigZag(long value) => WriteRawVarint(ZigZag(value));

    /// <summary>An element of a packed <c>fixed64</c> field.</summary>
    /// <param name="value">The value.</param>
    public void WriteRawFixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(sizeof(ulong)), value);
        Length += sizeof(ulong);
    }

    /// <summary>An element of a packed <c>double</c> field.</summary>
    /// <param name="value">The value.</param>
    public void WriteRawDouble(double value) => WriteRawFixed64(BitConverter.DoubleToUInt64Bits(value));

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>One byte for every seven bits, and one for 0.</summary>
    private static int VarintLength(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;

    private static int PutVarint(Span<byte> to, ulong value)
    {
        var i = 0;
        for (; value >= 0x80; value >>= 7)
            to[i++] = (byte)(value | 0x80);
        to[i] = (byte)value;
        return i + 1;
    }

    private void WriteTag(int field, int wireType) => WriteRawVarint(((ulong)field << 3) | (uint)wireType);

    private Span<byte> Reserve(int count)
    {
        if (buffer.Length - Length < count)
            Grow(count);
        return buffer.AsSpan(Length);
    }

    private void Grow(int count)
    {
        // Doubling keeps copying linear; checked because 2 GiB is protobuf's own limit for a message.
        var needed = checked(Length + count);
        Array.Resize(ref buffer, Math.Max(needed, (int)Math.Min(Array.MaxLength, buffer.Length * 2L)));
    }

    /// <summary>A message that is still open.</summary>
    /// <param name="Start">Where its content starts.</param>
    /// <param name="LengthWidth">Bytes kept free for its length before that.</param>
    public readonly record struct Mark(int Start, int LengthWidth);
}
