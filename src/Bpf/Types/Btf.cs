using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Observe.Bpf.Types;

/// <summary>
/// BTF, the kernel's type information: types by name, members, layouts. Format: Documentation/bpf/btf.rst. Little-endian
/// only, as are the machines that Observe runs on.
/// </summary>
/// <remarks>Keeps the bytes and an index of one offset in 64 types; everything else is decoded when asked for.</remarks>
public sealed partial class Btf
{
    private const ushort Magic = 0xEB9F;
    private const int TypeHeadSize = 12;
    private const int MemberSize = 12;

    /// <summary>Types between two entries of the index: 10 KB for a kernel's 160,000 types, and at most 63 steps.</summary>
    private const int IndexStride = 64;

    /// <summary>Longest chain of typedefs and qualifiers followed; a longer one is a loop in corrupt data.</summary>
    private const int MaxChain = 64;

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly Btf? parent;
    private readonly int typeStart;
    private readonly int typeEnd;
    private readonly int stringStart;
    private readonly int stringEnd;
    private readonly int firstId;
    private readonly int firstString;
    private readonly int[] index;

    private Btf(ReadOnlyMemory<byte> bytes, string source, Btf? parent)
    {
        this.bytes = bytes;
        this.parent = parent;
        Source = source;
        var span = bytes.Span;
        if (span.Length < 24 || BinaryPrimitives.ReadUInt16LittleEndian(span) != Magic)
            throw Broken("no BTF header");
        var header = (long)Word(span, 4);
        var (types, typeLength, strings, stringLength) =
            (header + Word(span, 8), (long)Word(span, 12), header + Word(span, 16), (long)Word(span, 20));
        if (header < 24 || types + typeLength > span.Length || strings + stringLength > span.Length || typeLength > int.MaxValue)
            throw Broken("its sections lie outside of it");
        (typeStart, typeEnd) = ((int)types, (int)(types + typeLength));
        (stringStart, stringEnd) = ((int)strings, (int)(strings + stringLength));
        firstId = parent?.NextId ?? 1;
        firstString = parent is null ? 0 : parent.firstString + parent.stringEnd - parent.stringStart;
        (index, NextId) = BuildIndex();
    }

    /// <summary>Where it came from, for messages.</summary>
    public string Source { get; }

    /// <summary>One more than the highest type id.</summary>
    public int NextId { get; }

    /// <summary>Parses raw BTF, as in <c>/sys/kernel/btf/vmlinux</c> or a section <c>.BTF</c>.</summary>
    /// <param name="bytes">Kept, not copied.</param>
    /// <param name="source">Where they came from, for messages.</param>
    /// <param name="parent">The BTF that this one continues (a module's continues the kernel's), or null.</param>
    /// <exception cref="InvalidDataException">Not BTF, or broken.</exception>
    public static Btf Parse(ReadOnlyMemory<byte> bytes, string source, Btf? parent = null) => new(bytes, source, parent);

    /// <summary>
    /// Parses the BTF of a compiled object. Offsets of variables in their sections are filled in by libbpf only: for
    /// those, use <see cref="BpfObject.Types"/>.
    /// </summary>
    /// <param name="elf">The bytes of the object file.</param>
    /// <param name="source">Where they came from, for messages.</param>
    /// <exception cref="InvalidDataException">Not ELF, without BTF, or broken.</exception>
    public static Btf FromElf(ReadOnlyMemory<byte> elf, string source) =>
        new(ElfFile.Section(elf, ".BTF", source), source, null);

    /// <summary>A struct or union by its tag.</summary>
    /// <param name="name">The tag, without <c>struct</c>.</param>
    /// <returns>Null when there is none with a definition.</returns>
    public BtfStruct? FindStruct(string name) =>
        Find(name, BtfKind.Struct, BtfKind.Union) is { } id ? Struct(id) : null;

    /// <summary>Whether there is a function of that name.</summary>
    /// <param name="name">The C name.</param>
    public bool HasFunction(string name) => Find(name, BtfKind.Function) is not null;

    /// <summary>Whether there is a struct, union, enum or typedef of that name.</summary>
    /// <param name="name">The tag or name.</param>
    public bool HasType(string name) =>
        Find(name, BtfKind.Struct, BtfKind.Union, BtfKind.Enum, BtfKind.Enum64, BtfKind.Typedef) is not null;

    /// <summary>Whether a struct has a member, also inside anonymous structs and unions.</summary>
    /// <param name="structName">The struct's tag.</param>
    /// <param name="path">The member; members of members after dots: <c>se.cfs_rq</c>. Pointers are not followed.</param>
    public bool HasField(string structName, string path) => FindField(structName, path) is not null;

    /// <summary>A member, with its offset from the start of the outermost struct.</summary>
    /// <param name="structName">The struct's tag.</param>
    /// <param name="path">As in <see cref="HasField"/>.</param>
    public BtfMember? FindField(string structName, string path)
    {
        if (Find(structName, BtfKind.Struct, BtfKind.Union) is not { } id)
            return null;
        var found = default(BtfMember);
        var baseBits = 0;
        foreach (var part in path.Split('.'))
        {
            if (FindMember(id, part, baseBits, depth: 0) is not { } member)
                return null;
            found = member;
            baseBits = member.BitOffset;
            id = Resolve(member.TypeId);
        }
        return found;
    }

    /// <summary>The value of an enumerator of any enum.</summary>
    /// <param name="enumName">The enum's tag.</param>
    /// <param name="enumerator">The enumerator.</param>
    public long? EnumValue(string enumName, string enumerator)
    {
        if (Find(enumName, BtfKind.Enum, BtfKind.Enum64) is not { } id)
            return null;
        var type = Type(id, out var home);
        var size = type.Kind == BtfKind.Enum ? 8 : 12;
        var text = Encoding.UTF8.GetBytes(enumerator);
        for (var i = 0; i < type.Length; i++)
        {
            var at = type.DataOffset + (i * size);
            if (home.NameIs(home.Int(at), text))
                return (type.Kind, type.HasFlag) switch
                {
                    (BtfKind.Enum, true) => home.Int(at + 4),
                    (BtfKind.Enum, false) => (uint)home.Int(at + 4),
                    _ => (uint)home.Int(at + 4) | ((long)home.Int(at + 8) << 32),
                };
        }
        return null;
    }

    /// <summary>The sections of global variables.</summary>
    /// <remarks>Decoded on each call: for set-up, not for hot paths.</remarks>
    public IEnumerable<BtfSection> DataSections
    {
        get
        {
            for (var id = firstId; id < NextId; id++)
                if (Type(id, out _) is { Kind: BtfKind.DataSection } section)
                    yield return Section(section);
        }
    }

    /// <summary>The kind behind an id.</summary>
    /// <param name="id">A type id.</param>
    public BtfKind KindOf(int id) => Type(id, out _).Kind;

    /// <summary>The name of a type, or empty.</summary>
    /// <param name="id">A type id.</param>
    public string NameOf(int id) => Type(id, out var home) is var type ? home.Text(type.NameOffset) : "";

    /// <summary>The type behind typedefs and qualifiers.</summary>
    /// <param name="id">A type id.</param>
    /// <exception cref="InvalidDataException">The data loops.</exception>
    public int Resolve(int id)
    {
        for (var steps = 0; steps < MaxChain; steps++)
        {
            var type = Type(id, out _);
            if (type.Kind is not (BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag))
                return id;
            id = type.SizeOrType;
        }
        throw Broken($"type {id} refers to itself");
    }

    /// <summary>Bytes that a value of the type takes.</summary>
    /// <param name="id">A type id.</param>
    /// <exception cref="InvalidDataException">The type has no size.</exception>
    public int SizeOf(int id)
    {
        var elements = 1L;
        for (var depth = 0; depth < MaxChain; depth++)
        {
            var type = Type(Resolve(id), out _);
            if (type.Kind == BtfKind.Array)
            {
                (id, var length) = Array(type.Id);
                elements *= length;
                continue;
            }
            var size = elements * type.Kind switch
            {
                BtfKind.Int or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Float => type.SizeOrType,
                BtfKind.Pointer => 8, // BPF and both supported kernels are 64-bit.
                _ => throw Broken($"type {id} ({type.Kind}) has no size"),
            };
            return size is >= 0 and <= int.MaxValue ? (int)size : throw Broken($"type {id} has {size} bytes");
        }
        throw Broken($"type {id} contains itself");
    }

    /// <summary>A struct or union by id.</summary>
    /// <param name="id">The id of a struct or union.</param>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    public BtfStruct Struct(int id)
    {
        var type = Type(id, out var home);
        if (type.Kind is not (BtfKind.Struct or BtfKind.Union))
            throw Broken($"type {id} is no struct but {type.Kind}");
        var members = new BtfMember[type.Length];
        for (var i = 0; i < members.Length; i++)
        {
            var (nameOffset, memberType, bits, fieldSize) = home.Member(type, i);
            members[i] = new BtfMember(home.Text(nameOffset), memberType, bits, fieldSize);
        }
        return new BtfStruct(id, home.Text(type.NameOffset), type.Kind == BtfKind.Union, type.SizeOrType, members);
    }

    /// <summary>Element type and number of elements of an array.</summary>
    /// <param name="id">The id of an array.</param>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public (int ElementType, int Length) Array(int id)
    {
        var type = Type(id, out var home);
        return type.Kind == BtfKind.Array
            ? (home.Int(type.DataOffset), home.Int(type.DataOffset + 8))
            : throw Broken($"type {id} is no array but {type.Kind}");
    }

    /// <summary>Whether an integer is signed; of an enum, whether it has negative values.</summary>
    /// <param name="id">A type id.</param>
    public bool IsSigned(int id)
    {
        var type = Type(Resolve(id), out var home);
        return type.Kind == BtfKind.Int ? (home.Int(type.DataOffset) >> 24 & 1) != 0 : type.HasFlag;
    }

    /// <summary>The parameter names and types of a function, or null when there is none of that name.</summary>
    /// <param name="name">The C name.</param>
    public IReadOnlyList<BtfMember>? Parameters(string name)
    {
        if (Find(name, BtfKind.Function) is not { } id)
            return null;
        var prototype = Type(Type(id, out _).SizeOrType, out var home);
        var parameters = new BtfMember[prototype.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var at = prototype.DataOffset + (i * 8);
            parameters[i] = new BtfMember(home.Text(home.Int(at)), home.Int(at + 4), 0, 0);
        }
        return parameters;
    }

    private BtfSection Section(BtfType section)
    {
        var variables = new BtfVariable[section.Length];
        for (var i = 0; i < variables.Length; i++)
        {
            var at = section.DataOffset + (i * 12);
            var variable = Type(Int(at), out var home);
            // A section also lists the external functions and ksyms; those are no variables but keep their name.
            var isStatic = variable.Kind == BtfKind.Variable && home.Int(variable.DataOffset) == 0;
            variables[i] = new BtfVariable(home.Text(variable.NameOffset), variable.SizeOrType, Int(at + 4), Int(at + 8), isStatic);
        }
        return new BtfSection(Text(section.NameOffset), section.SizeOrType, variables);
    }

    private BtfMember? FindMember(int structId, string name, int baseBits, int depth)
    {
        var type = Type(structId, out var home);
        if (depth > MaxChain || type.Kind is not (BtfKind.Struct or BtfKind.Union))
            return null;
        var text = Encoding.UTF8.GetBytes(name);
        for (var i = 0; i < type.Length; i++)
        {
            var (nameOffset, memberType, bits, fieldSize) = home.Member(type, i);
            if (nameOffset != 0 && home.NameIs(nameOffset, text))
                return new BtfMember(name, memberType, baseBits + bits, fieldSize);
            if (nameOffset == 0 && FindMember(Resolve(memberType), name, baseBits + bits, depth + 1) is { } inner)
                return inner;
        }
        return null;
    }

    private (int NameOffset, int Type, int Bits, int FieldSize) Member(BtfType type, int i)
    {
        var at = type.DataOffset + (i * MemberSize);
        var offset = Int(at + 8);
        return type.HasFlag
            ? (Int(at), Int(at + 4), offset & 0xFFFFFF, (int)((uint)offset >> 24))
            : (Int(at), Int(at + 4), offset, 0);
    }

    private InvalidDataException Broken(string why) => new($"BTF of {Source} is not readable: {why}");
}
