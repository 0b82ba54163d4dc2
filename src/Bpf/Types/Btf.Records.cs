using System.Buffers.Binary;
using System.Text;

namespace Observe.Bpf.Types;

// Walking the records: ids to offsets, names to ids.
public sealed partial class Btf
{
    /// <summary>The id of the first type of that name and one of those kinds, here or in the parent.</summary>
    internal int? Find(string name, params ReadOnlySpan<BtfKind> kinds)
    {
        var wanted = 0u;
        foreach (var kind in kinds)
            wanted |= 1u << (int)kind;
        var text = Encoding.UTF8.GetBytes(name);
        if (text.Length == 0)
            return null;
        return parent?.Find(name, kinds) ?? Find(text, wanted);
    }

    private int? Find(ReadOnlySpan<byte> name, uint wantedKinds)
    {
        var span = bytes.Span;
        var id = firstId;
        for (var at = typeStart; at < typeEnd; id++)
        {
            var info = Word(span, at + 4);
            if ((wantedKinds >> KindBits(info) & 1) != 0 && NameIs((int)Word(span, at), name))
                return id;
            at += RecordSize(info);
        }
        return null;
    }

    /// <summary>The record of an id, and the BTF it is in: its offsets count there.</summary>
    private BtfType Type(int id, out Btf home)
    {
        home = this;
        if (id == 0)
            return default;
        if (id < firstId && parent is not null)
            return parent.Type(id, out home);
        if (id < firstId || id >= NextId)
            throw Broken($"there is no type {id}");
        var span = bytes.Span;
        var at = index[(id - firstId) / IndexStride];
        for (var steps = (id - firstId) % IndexStride; steps > 0; steps--)
            at += RecordSize(Word(span, at + 4));
        var info = Word(span, at + 4);
        return new BtfType(
            id, (BtfKind)KindBits(info), (int)Word(span, at), (int)(info & 0xFFFF), info >> 31 != 0, (int)Word(span, at + 8), at + TypeHeadSize);
    }

    private (int[] Index, int NextId) BuildIndex()
    {
        var span = bytes.Span;
        var offsets = new List<int>();
        var id = firstId;
        var at = typeStart;
        for (; at + TypeHeadSize <= typeEnd; id++)
        {
            if ((id - firstId) % IndexStride == 0)
                offsets.Add(at);
            var info = Word(span, at + 4);
            if (KindBits(info) is 0 or > (int)BtfKind.Enum64)
                throw Broken($"type {id} is of kind {KindBits(info)}, which this version does not know");
            at += RecordSize(info);
        }
        return at == typeEnd ? ([.. offsets], id) : throw Broken($"type {id - 1} is cut off");
    }

    private static int KindBits(uint info) => (int)(info >> 24 & 0x1F);

    private static int RecordSize(uint info)
    {
        var length = (int)(info & 0xFFFF);
        return TypeHeadSize + (BtfKind)KindBits(info) switch
        {
            BtfKind.Int or BtfKind.Variable or BtfKind.DeclarationTag => 4,
            BtfKind.Array => 12,
            BtfKind.Struct or BtfKind.Union or BtfKind.DataSection or BtfKind.Enum64 => length * 12,
            BtfKind.Enum or BtfKind.FunctionPrototype => length * 8,
            _ => 0,
        };
    }

    private bool NameIs(int offset, ReadOnlySpan<byte> name)
    {
        if (parent is not null && offset < firstString)
            return parent.NameIs(offset, name);
        var at = stringStart + (long)offset - firstString;
        if (at < stringStart || at + name.Length >= stringEnd)
            return false;
        var stored = bytes.Span.Slice((int)at, name.Length + 1);
        return stored[^1] == 0 && stored[..^1].SequenceEqual(name);
    }

    private string Text(int offset)
    {
        if (parent is not null && offset < firstString)
            return parent.Text(offset);
        var at = stringStart + (long)offset - firstString;
        if (at < stringStart || at >= stringEnd)
            throw Broken($"a name lies outside of the strings (offset {offset})");
        var rest = bytes.Span[(int)at..stringEnd];
        var end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[at..]);

    private static uint Word(ReadOnlySpan<byte> span, int at) => BinaryPrimitives.ReadUInt32LittleEndian(span[at..]);
}
