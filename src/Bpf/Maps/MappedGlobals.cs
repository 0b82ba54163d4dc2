using Observe.Bpf.Types;

namespace Observe.Bpf.Maps;

/// <summary>
/// The global variables of a loaded object's section (<c>.bss</c>, <c>.data</c>, <c>.rodata</c>) as memory shared with
/// its programs.
/// </summary>
public sealed unsafe class MappedGlobals : IDisposable
{
    private readonly MapView view;
    private readonly BtfVariable[] variables; // An array: walking a list would allocate an enumerator each time.
    private readonly bool writable;
    private readonly string name;

    /// <summary>Maps a section.</summary>
    /// <param name="obj">A loaded object.</param>
    /// <param name="sectionName">The section: <c>.bss</c> for variables without an initial value, <c>.data</c> for those with one.</param>
    /// <param name="writable">For writing too; not possible for <c>.rodata</c>.</param>
    /// <exception cref="BpfException">No such section, or it holds only static variables.</exception>
    public MappedGlobals(BpfObject obj, string sectionName = ".bss", bool writable = false)
    {
        ArgumentNullException.ThrowIfNull(obj);
        var map = obj.Map(sectionName);
        variables = [.. obj.Types.DataSections.First(s => s.Name == sectionName).Variables];
        name = map.ToString();
        this.writable = writable;
        view = MapView.Open(map, map.ValueSize, writable);
    }

    /// <summary>A variable, live. A search by name, without allocation; the reference is valid while this lives.</summary>
    /// <param name="variable">The C variable's name.</param>
    /// <exception cref="BpfException">No such variable, or another size.</exception>
    public ref readonly T Read<T>(string variable)
        where T : unmanaged => ref At<T>(variable);

    /// <summary>A variable, live, for writing.</summary>
    /// <param name="variable">The C variable's name.</param>
    /// <exception cref="InvalidOperationException">Mapped for reading.</exception>
    /// <exception cref="BpfException">No such variable, or another size.</exception>
    public ref T Writable<T>(string variable)
        where T : unmanaged
    {
        if (!writable)
            throw new InvalidOperationException($"{name} is mapped for reading");
        return ref At<T>(variable);
    }

    /// <summary>An array variable, live.</summary>
    /// <param name="variable">The C variable's name.</param>
    /// <exception cref="BpfException">No such variable, or no whole number of elements.</exception>
    public ReadOnlySpan<T> ReadArray<T>(string variable)
        where T : unmanaged
    {
        var found = Find(variable);
        return found.Size % sizeof(T) == 0
            ? new ReadOnlySpan<T>(view.Start + found.Offset, found.Size / sizeof(T))
            : throw WrongSize<T>(found);
    }

    /// <summary>Unmaps.</summary>
    public void Dispose() => view.Dispose();

    private ref T At<T>(string variable)
        where T : unmanaged
    {
        var found = Find(variable);
        if (found.Size != sizeof(T))
            throw WrongSize<T>(found);
        return ref *(T*)(view.Start + found.Offset);
    }

    private BtfVariable Find(string variable)
    {
        foreach (var candidate in variables)
            if (candidate.Name == variable)
                return candidate;
        throw new BpfException("find", $"variable {variable} in {name}", $"it has {string.Join(", ", variables.Select(v => v.Name))}");
    }

    private BpfException WrongSize<T>(BtfVariable variable)
        where T : unmanaged =>
        new("read", $"variable {variable.Name} in {name}", $"it has {variable.Size} bytes, {typeof(T).Name} {sizeof(T)}");
}
