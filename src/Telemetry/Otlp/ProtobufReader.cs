using System.Buffers.Binary;
using System.Text;

namespace Observe.Telemetry.Otlp;

/// <summary>Reads the fields of the few small messages that receivers answer with. Malformed input ends the reading, never throws.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Value of a varint field, else 0.</summary>
    public ulong Varint { get; private set; }

    /// <summary>Value of a length-delimited field, else empty.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Whether the bytes were well-formed so far.</summary>
    public bool Valid { get; private set; } = true;

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Goes to the next field; false at the end or where the bytes stop making sense.</summary>
    public bool Next()
    {
        if (rest.IsEmpty)
            return false;
        Varint = 0;
        Bytes = default;
        Valid = TryVarint(out var tag) && TryValue((int)(tag & 7));
        Field = (int)(tag >> 3);
        return Valid;
    }

    private bool TryValue(int wireType)
    {
        switch (wireType)
        {
            case 0 when TryVarint(out var value):
                Varint = value;
                return true;
            case 1 when rest.Length >= sizeof(ulong):
                Varint = BinaryPrimitives.ReadUInt64LittleEndian(rest);
                rest = rest[sizeof(ulong)..];
                return true;
            case 2 when TryVarint(out var length) && length <= (ulong)rest.Length:
                Bytes = rest[..(int)length];
                rest = rest[(int)length..];
                return true;
            case 5 when rest.Length >= sizeof(uint):
                Varint = BinaryPrimitives.ReadUInt32LittleEndian(rest);
                rest = rest[sizeof(uint)..];
                return true;
            default:
                return false;
        }
    }

    private bool TryVarint(out ulong value)
    {
        value = 0;
        // Ten bytes hold 64 bits.
        for (var i = 0; i < 10 && i < rest.Length; i++)
        {
            value |= (ulong)(rest[i] & 0x7f) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }
        return false;
    }
}
