using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Observe.Bpf.Interop;
using Observe.Bpf.Types;

namespace Observe.Bpf;

/// <summary>
/// A compiled BPF object: opened, configured, loaded, and gone from the kernel when disposed, together with everything
/// that was made from it (links, iterators, mapped views).
/// </summary>
/// <remarks>
/// Configure and load on one thread. Afterwards maps may be read from any thread; whoever disposes makes sure that no
/// span into a mapped view is still in use.
/// </remarks>
public sealed class BpfObject : SafeHandle
{
    private const string Reinstall = "reinstall Observe: its BPF objects are shipped beside the program";

    private readonly List<IDisposable> owned = [];

    private BpfObject(nint handle, string name, Btf types)
        : base(0, ownsHandle: true)
    {
        SetHandle(handle);
        Name = name;
        Types = types;
        Programs = [.. Enumerate(LibBpf.bpf_object__next_program).Select(program => new BpfProgram(this, program))];
        var sections = types.DataSections.ToLookup(section => LibBpf.bpf_object__find_map_by_name(handle, section.Name), section => section.Name);
        Maps = [.. Enumerate(LibBpf.bpf_object__next_map).Select(map => new BpfMap(this, map, sections[map].FirstOrDefault()))];
    }

    /// <summary>The name given at opening: in messages, and the prefix of the kernel's names of its global sections.</summary>
    public string Name { get; }

    /// <summary>The object's own type information.</summary>
    public Btf Types { get; }

    /// <summary>All programs, in the order of the object.</summary>
    public IReadOnlyList<BpfProgram> Programs { get; }

    /// <summary>All maps, the internal ones of global variables included.</summary>
    public IReadOnlyList<BpfMap> Maps { get; }

    /// <summary>Whether the object is in the kernel.</summary>
    public bool IsLoaded { get; private set; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Parses a compiled object. Nothing reaches the kernel yet.</summary>
    /// <param name="elf">The bytes of the <c>.bpf.o</c>; not needed afterwards.</param>
    /// <param name="name">Short name; the kernel keeps the first 15 characters.</param>
    /// <param name="kernelBtf">BTF of this kernel for relocations where the kernel has none of its own, or null.</param>
    /// <exception cref="BpfException">No libbpf, or not a BPF object.</exception>
    public static BpfObject Open(ReadOnlyMemory<byte> elf, string name, string? kernelBtf = null) => Open(elf, name, kernelBtf, path: null);

    private static unsafe BpfObject Open(ReadOnlyMemory<byte> elf, string name, string? kernelBtf, string? path)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        LibBpfLibrary.Require();
        using var log = LibBpfLog.Record();
        nint handle;
        fixed (byte* image = elf.Span)
        fixed (byte* utf8Name = Utf8(name))
        fixed (byte* utf8Btf = kernelBtf is null ? null : Utf8(kernelBtf))
        {
            var options = new BpfObjectOpenOptions
            {
                Size = (nuint)sizeof(BpfObjectOpenOptions),
                ObjectName = utf8Name,
                BtfCustomPath = utf8Btf,
            };
            handle = LibBpf.bpf_object__open_mem(image, (nuint)elf.Length, &options);
        }
        if (handle == 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            // Nothing of the kernel has been asked yet: it is the file.
            throw new BpfException("open", $"BPF object {path ?? name}", errno, log.Text, path is null ? null : Reinstall, detail: $"{elf.Length} bytes");
        }
        try
        {
            return new BpfObject(handle, name, ReadTypes(handle, name));
        }
        catch
        {
            LibBpf.bpf_object__close(handle);
            throw;
        }
    }

    /// <summary>Reads and parses a <c>.bpf.o</c> file; its name without extensions becomes the object's.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">Another name than the file's, or null.</param>
    /// <param name="kernelBtf">As in <see cref="Open(ReadOnlyMemory{byte}, string, string?)"/>.</param>
    /// <exception cref="BpfException">No libbpf, no such file, or not a BPF object.</exception>
    public static BpfObject Open(string path, string? name = null, string? kernelBtf = null)
    {
        byte[] elf;
        try
        {
            elf = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message.TrimEnd('.');
            throw new BpfException("open", $"BPF object {path}", reason, Reinstall);
        }
        return Open(elf, name ?? Path.GetFileName(path).Split('.')[0], kernelBtf, path);
    }

    /// <summary>The program of that function name.</summary>
    /// <param name="name">The C function's name.</param>
    /// <exception cref="BpfException">There is none.</exception>
    public BpfProgram Program(string name) =>
        Programs.FirstOrDefault(program => program.Name == name)
        ?? throw new BpfException("find", $"program {name} in BPF object {Name}", $"it has {Listed(Programs.Select(p => p.Name))}");

    /// <summary>The map of that name; global variables are in <c>.rodata</c>, <c>.data</c> and <c>.bss</c>.</summary>
    /// <param name="name">The name in the source.</param>
    /// <exception cref="BpfException">There is none.</exception>
    public BpfMap Map(string name) =>
        Maps.FirstOrDefault(map => map.Name == name)
        ?? throw new BpfException("find", $"map {name} in BPF object {Name}", $"it has {Listed(Maps.Select(m => m.Name))}");

    /// <summary>
    /// Sets a global variable before loading. In <c>.rodata</c> (<c>const volatile</c>) it is a constant to the verifier:
    /// code behind a false one is removed.
    /// </summary>
    /// <param name="variable">The C variable's name.</param>
    /// <param name="value">Its value; of exactly the variable's size.</param>
    /// <exception cref="BpfException">No such variable, another size, or already loaded.</exception>
    public void SetGlobal<T>(string variable, T value)
        where T : unmanaged => SetGlobal(variable, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>As <see cref="SetGlobal{T}(string, T)"/>, for arrays.</summary>
    /// <param name="variable">The C variable's name.</param>
    /// <param name="values">As many elements as the variable has.</param>
    public void SetGlobal<T>(string variable, ReadOnlySpan<T> values)
        where T : unmanaged => SetGlobal(variable, MemoryMarshal.AsBytes(values));

    /// <summary>The value that a global variable would start with, before loading.</summary>
    /// <param name="variable">The C variable's name.</param>
    /// <exception cref="BpfException">No such variable, another size, or already loaded.</exception>
    public T GetGlobal<T>(string variable)
        where T : unmanaged => MemoryMarshal.Read<T>(InitialValue(variable, Unsafe.SizeOf<T>()));

    /// <summary>Creates the maps and loads the programs that have <see cref="BpfProgram.Autoload"/> set.</summary>
    /// <exception cref="BpfException">The kernel refused; the message has the program, the verifier's reason and the remedy.</exception>
    public void Load()
    {
        ThrowIfLoaded("load");
        using var log = LibBpfLog.Record();
        var error = LibBpf.bpf_object__load(Pointer);
        if (error < 0)
        {
            var text = log.Text;
            var refused = BpfDiagnosis.RefusedProgram(text);
            throw new BpfException(
                "load",
                refused is null ? $"BPF object {Name}" : $"BPF program {refused} of object {Name}",
                -error,
                text,
                BpfDiagnosis.Remedy(-error, text));
        }
        IsLoaded = true;
    }

    /// <summary>The native pointer while it lives.</summary>
    /// <exception cref="ObjectDisposedException">It no longer does.</exception>
    internal nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }

    /// <summary>Makes <paramref name="child"/> end with this object at the latest.</summary>
    internal T Own<T>(T child)
        where T : IDisposable
    {
        lock (owned)
            owned.Add(child);
        return child;
    }

    /// <summary>Forgets a child that ended earlier.</summary>
    internal void Disown(IDisposable child)
    {
        lock (owned)
            owned.Remove(child);
    }

    internal void ThrowIfLoaded(string operation)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        if (IsLoaded)
            throw new BpfException(operation, $"BPF object {Name}", "it is already loaded");
    }

    /// <summary>The section and layout of a global variable.</summary>
    internal (string Section, BtfVariable Variable) FindGlobal(string name)
    {
        foreach (var section in Types.DataSections)
            foreach (var variable in section.Variables)
                if (variable.Name == name && IsGlobals(section.Name))
                    return (section.Name, variable);
        throw new BpfException(
            "find",
            $"global variable {name} in BPF object {Name}",
            $"it has {Listed(Types.DataSections.Where(s => IsGlobals(s.Name)).SelectMany(s => s.Variables).Select(v => v.Name))}; "
                + "a variable that no program uses may have been optimised away");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            DisposeOwned();
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibBpf.bpf_object__close(handle);
        return true;
    }

    private void DisposeOwned()
    {
        // Last made, first ended. A child takes itself off the list, hence the copy.
        IDisposable[] children;
        lock (owned)
            children = [.. owned];
        for (var i = children.Length - 1; i >= 0; i--)
            children[i].Dispose();
    }

    private void SetGlobal(string variable, ReadOnlySpan<byte> value) => value.CopyTo(InitialValue(variable, value.Length));

    /// <summary>Where libbpf keeps what it will give the kernel as the variable's first value.</summary>
    private unsafe Span<byte> InitialValue(string variable, int length)
    {
        ThrowIfLoaded("configure");
        var (section, layout) = FindGlobal(variable);
        if (layout.Size != length)
            throw new BpfException("configure", $"global variable {variable} of BPF object {Name}", $"it has {layout.Size} bytes, the value {length}");
        nuint size;
        var memory = LibBpf.bpf_map__initial_value(Map(section).Pointer, &size);
        if (memory is null || (nuint)(layout.Offset + layout.Size) > size)
            throw new BpfException("configure", $"global variable {variable} of BPF object {Name}", $"section {section} has no initial value to change");
        return new Span<byte>(memory + layout.Offset, layout.Size);
    }

    private static bool IsGlobals(string section) =>
        section.StartsWith(".rodata", StringComparison.Ordinal)
        || section.StartsWith(".data", StringComparison.Ordinal)
        || section.StartsWith(".bss", StringComparison.Ordinal);

    // libbpf's copy rather than the file's: only libbpf fills in the offsets inside the data sections.
    private static unsafe Btf ReadTypes(nint handle, string name)
    {
        var btf = LibBpf.bpf_object__btf(handle);
        uint size = 0;
        var bytes = btf == 0 ? null : LibBpf.btf__raw_data(btf, &size);
        if (bytes is null)
            throw new BpfException("open", $"BPF object {name}", "it has no BTF; compile it with -g");
        return Btf.Parse(new ReadOnlySpan<byte>(bytes, (int)size).ToArray(), name);
    }

    private List<nint> Enumerate(Func<nint, nint, nint> next)
    {
        var all = new List<nint>();
        for (var item = next(handle, 0); item != 0; item = next(handle, item))
            all.Add(item);
        return all;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private static string Listed(IEnumerable<string> names) =>
        string.Join(", ", names) is { Length: > 0 } list ? list : "none";
}
