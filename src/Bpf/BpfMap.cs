using System.Globalization;
using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf;

/// <summary>A map of a <see cref="BpfObject"/>: its settings before loading, its measures after.</summary>
public sealed class BpfMap
{
    /// <summary><c>BPF_F_MMAPABLE</c>.</summary>
    internal const uint Mappable = 1 << 10;

    private readonly nint pointer;

    // libbpf and the kernel call a map of globals after the object; its section is the name that the source knows.
    internal unsafe BpfMap(BpfObject owner, nint pointer, string? section)
    {
        Owner = owner;
        this.pointer = pointer;
        Name = section ?? LibBpf.Text(LibBpf.bpf_map__name(pointer));
    }

    /// <summary>The name in the source, or the section of global variables.</summary>
    public string Name { get; }

    /// <summary>What kind of map it is.</summary>
    public BpfMapType Type => (BpfMapType)LibBpf.bpf_map__type(Pointer);

    /// <summary>The <c>BPF_F_*</c> flags it is created with.</summary>
    public uint Flags => LibBpf.bpf_map__map_flags(Pointer);

    /// <summary>Bytes of a key; 0 for queues and ring buffers.</summary>
    public int KeySize => (int)LibBpf.bpf_map__key_size(Pointer);

    /// <summary>Bytes of a value (of one CPU's, in per-CPU maps).</summary>
    public int ValueSize => (int)LibBpf.bpf_map__value_size(Pointer);

    /// <summary>Capacity in entries; in bytes for a ring buffer.</summary>
    /// <exception cref="BpfException">Set after loading.</exception>
    public uint MaxEntries
    {
        get => LibBpf.bpf_map__max_entries(Pointer);
        set
        {
            Owner.ThrowIfLoaded("size maps of");
            Check("size", LibBpf.bpf_map__set_max_entries(Pointer, value));
        }
    }

    /// <summary>Whether <see cref="BpfObject.Load"/> creates it. No loaded program may use one that is not.</summary>
    /// <exception cref="BpfException">Set after loading.</exception>
    public bool Autocreate
    {
        get => LibBpf.bpf_map__autocreate(Pointer);
        set
        {
            Owner.ThrowIfLoaded("choose maps of");
            Check("configure", LibBpf.bpf_map__set_autocreate(Pointer, value));
        }
    }

    /// <summary>Shares a map of another object in place of creating one. Before loading; the map lives as long as either object does.</summary>
    /// <param name="other">A created map of the same type, key and value.</param>
    /// <exception cref="BpfException">Another kind of map, or the object is loaded.</exception>
    public void Share(BpfMap other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Owner.ThrowIfLoaded("share maps with");
        Require("share", [other.Type], other.KeySize, other.ValueSize);
        Check("share", LibBpf.bpf_map__reuse_fd(Pointer, other.Fd));
    }

    /// <summary>The descriptor.</summary>
    /// <exception cref="BpfException">The map is not created.</exception>
    public int Fd => LibBpf.bpf_map__fd(Pointer) is >= 0 and var fd
        ? fd
        : throw new BpfException("use", ToString(), "it is not created: load the object first, with Autocreate set");

    /// <summary>The kernel's id, as <c>bpftool map show id</c> takes it.</summary>
    public unsafe uint Id
    {
        get
        {
            // struct bpf_map_info begins with type and id; the kernel fills as much as there is room for.
            var info = stackalloc uint[4];
            var size = 4u * sizeof(uint);
            Check("read the id of", LibBpf.bpf_obj_get_info_by_fd(Fd, info, &size));
            return info[1];
        }
    }

    /// <summary>
    /// Bytes of kernel memory the map uses, from <c>memlock</c> in <c>/proc/self/fdinfo</c>: its allocation when the map
    /// was created up to Linux 6.3, its current use since 6.4 (commit 90a5527d7686).
    /// </summary>
    /// <exception cref="BpfException">The map is not created.</exception>
    public long MemoryBytes
    {
        get
        {
            foreach (var line in File.ReadLines($"/proc/self/fdinfo/{Fd}"))
                if (line.StartsWith("memlock:", StringComparison.Ordinal))
                    return long.Parse(line.AsSpan("memlock:".Length).Trim(), CultureInfo.InvariantCulture);
            throw new BpfException("measure", ToString(), "the kernel reports no memlock for it");
        }
    }

    internal BpfObject Owner { get; }

    internal nint Pointer
    {
        get
        {
            _ = Owner.Pointer;
            return pointer;
        }
    }

    /// <summary>For messages: map, kind and object.</summary>
    public override string ToString() => $"BPF map {Name} of object {Owner.Name}";

    /// <summary>Refuses a wrong kind of map, or a C# type of another size than the kernel's.</summary>
    internal void Require(string use, ReadOnlySpan<BpfMapType> types, int? keySize = null, int? valueSize = null)
    {
        if (!types.Contains(Type))
            throw new BpfException(use, ToString(), $"it is of type {Type}, not {string.Join(" or ", types.ToArray())}");
        if (keySize is { } key && key != KeySize)
            throw new BpfException(use, ToString(), $"its keys have {KeySize} bytes, the C# type {key}; the layouts have diverged");
        if (valueSize is { } value && value != ValueSize)
            throw new BpfException(use, ToString(), $"its values have {ValueSize} bytes, the C# type {value}; the layouts have diverged");
    }

    private void Check(string operation, int result)
    {
        if (result < 0)
            throw new BpfException(operation, ToString(), -result);
    }
}
