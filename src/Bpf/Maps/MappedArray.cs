using System.Runtime.CompilerServices;

namespace Observe.Bpf.Maps;

/// <summary>
/// An array map with <c>BPF_F_MMAPABLE</c> seen as memory: element i is read where the kernel writes it, without a
/// system call or a copy.
/// </summary>
/// <remarks>
/// The kernel writes while we read. An aligned 8-byte field is read whole; two fields are not read at one instant.
/// References and spans must not be used after disposal.
/// </remarks>
public sealed unsafe class MappedArray<T> : IDisposable
    where T : unmanaged
{
    /// <summary>The kernel rounds a value up to 8 bytes (<c>array_map_alloc</c>).</summary>
    private const int ValueAlignment = 8;

    private readonly MapView view;
    private readonly int stride;
    private readonly bool writable;
    private readonly string name;

    /// <summary>Maps a loaded array.</summary>
    /// <param name="map">An array map whose values have the size of <typeparamref name="T"/>.</param>
    /// <param name="writable">For writing too.</param>
    /// <exception cref="BpfException">Another kind of map, another value size, or not mappable.</exception>
    public MappedArray(BpfMap map, bool writable = false)
    {
        ArgumentNullException.ThrowIfNull(map);
        map.Require("map into memory", [BpfMapType.Array], valueSize: sizeof(T));
        name = map.ToString();
        stride = (int)MapView.RoundUp(sizeof(T), ValueAlignment);
        Length = checked((int)map.MaxEntries);
        this.writable = writable;
        view = MapView.Open(map, (long)stride * Length, writable);
    }

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>The element at an index, live.</summary>
    /// <param name="index">From 0 to <see cref="Length"/> - 1.</param>
    public ref readonly T this[int index] => ref At(index);

    /// <summary>All elements, live.</summary>
    /// <exception cref="InvalidOperationException">The size of <typeparamref name="T"/> is no multiple of 8: there are gaps between elements.</exception>
    public ReadOnlySpan<T> Span => new(Contiguous(), Length);

    /// <summary>All elements, live, for writing.</summary>
    /// <exception cref="InvalidOperationException">Mapped for reading, or gaps between elements.</exception>
    public Span<T> WritableSpan
    {
        get
        {
            ThrowIfReadOnly();
            return new Span<T>(Contiguous(), Length);
        }
    }

    /// <summary>The element at an index, for writing.</summary>
    /// <param name="index">From 0 to <see cref="Length"/> - 1.</param>
    /// <exception cref="InvalidOperationException">Mapped for reading.</exception>
    public ref T Writable(int index)
    {
        ThrowIfReadOnly();
        return ref At(index);
    }

    /// <summary>Unmaps.</summary>
    public void Dispose() => view.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref T At(int index)
    {
        if ((uint)index >= (uint)Length)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"{name} has {Length} elements");
        return ref *(T*)(view.Start + ((long)index * stride));
    }

    private T* Contiguous() => stride == sizeof(T)
        ? (T*)view.Start
        : throw new InvalidOperationException($"{name}: elements of {sizeof(T)} bytes lie {stride} apart; use the indexer");

    // A write to memory mapped for reading would end the process, so it is refused here.
    private void ThrowIfReadOnly()
    {
        if (!writable)
            throw new InvalidOperationException($"{name} is mapped for reading");
    }
}
