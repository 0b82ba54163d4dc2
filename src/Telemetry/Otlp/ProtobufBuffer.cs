using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Observe.Telemetry.Otlp;

/// <summary>
/// Protobuf wire format into one growing array. Messages whose size is not known beforehand get a length of fixed
/// width that is filled in when they end: a padded varint, which every decoder accepts, instead of a second pass or a copy. The array
/// is its own and stays with it: in a shared pool each thread that ever wrote one would keep one of its own, of megabytes.
/// </summary>
internal sealed class ProtobufBuffer
{
    /// <summary>Bytes of a padded length: 4 x 7 bits, messages up to 256 MiB, far above any request bound.</summary>
    public const int PaddedLength = 4;

    /// <summary>Bytes of the first array; small, because labels are encoded in such buffers too.</summary>
    private const int FirstSize = 1024;

    private byte[] bytes = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Slice(int start, int length) => bytes.AsMemory(start, length);

    /// <summary>Empties it; its array stays.</summary>
    public void Clear() => Length = 0;

    /// <summary>Makes room, so that a point is written into one span.</summary>
    public Span<byte> Take(int count)
    {
        if (bytes.Length - Length < count)
            Grow(count);
        var span = bytes.AsSpan(Length, count);
        Length += count;
        return span;
    }

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    public void Varint(ulong value)
    {
        var span = Take(VarintSize(value));
        PutVarint(ref span, value);
    }

    public void VarintField(byte tag, ulong value)
    {
        Take(1)[0] = tag;
        Varint(value);
    }

    public void Fixed64Field(byte tag, ulong value)
    {
        var span = Take(9);
        span[0] = tag;
        BinaryPrimitives.WriteUInt64LittleEndian(span[1..], value);
    }

    public void DoubleField(byte tag, double value) => Fixed64Field(tag, BitConverter.DoubleToUInt64Bits(value));

    public void StringField(byte tag, string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        VarintField(tag, (ulong)size);
        Encoding.UTF8.GetBytes(value, Take(size));
    }

    /// <summary>Begins a message of unknown size; what is returned goes to <see cref="End"/>.</summary>
    public int Begin(byte tag)
    {
        Take(1)[0] = tag;
        Take(PaddedLength);
        return Length;
    }

    public void End(int begin)
    {
        var size = (uint)(Length - begin);
        var span = bytes.AsSpan(begin - PaddedLength, PaddedLength);
        for (var i = 0; i < PaddedLength - 1; i++, size >>= 7)
            span[i] = (byte)(size | 0x80);
        span[PaddedLength - 1] = (byte)(size & 0x7f);
    }

    public static int VarintSize(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;

    /// <summary>Writes a varint at the beginning of a span and moves the span behind it.</summary>
    public static void PutVarint(ref Span<byte> span, ulong value)
    {
        var i = 0;
        for (; value >= 0x80; value >>= 7)
            span[i++] = (byte)(value | 0x80);
        span[i++] = (byte)value;
        span = span[i..];
    }

    private void Grow(int count)
    {
        var larger = GC.AllocateUninitializedArray<byte>(Math.Max(Length + count, Math.Max(FirstSize, bytes.Length * 2)));
        bytes.AsSpan(0, Length).CopyTo(larger);
        bytes = larger;
    }
}
