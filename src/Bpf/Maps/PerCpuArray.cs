using System.Runtime.InteropServices;
using Observe.Bpf.Host;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Maps;

/// <summary>A per-CPU array: each element has a value for each possible CPU.</summary>
/// <remarks>One thread at a time: the calls share a buffer.</remarks>
public sealed unsafe class PerCpuArray<T>
    where T : unmanaged
{
    private readonly BpfMap map;
    private readonly int fd;
    private readonly int stride;
    private readonly byte[] buffer;

    /// <summary>Wraps a loaded map.</summary>
    /// <param name="map">A per-CPU array whose values have the size of <typeparamref name="T"/>.</param>
    /// <exception cref="BpfException">Another kind of map, another size, or not created.</exception>
    public PerCpuArray(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        map.Require("use", [BpfMapType.PerCpuArray], sizeof(uint), sizeof(T));
        this.map = map;
        fd = map.Fd;
        Length = checked((int)map.MaxEntries);
        stride = (int)MapView.RoundUp(sizeof(T), 8); // The kernel hands out values rounded up to 8 bytes.
        buffer = new byte[stride * CpuSet.Possible.Count];
    }

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>Values of an element: as many as <see cref="CpuSet.Possible"/> has CPUs.</summary>
    public int Cpus => CpuSet.Possible.Count;

    /// <summary>Copies an element's values.</summary>
    /// <param name="index">From 0 to <see cref="Length"/> - 1.</param>
    /// <param name="values">Room for <see cref="Cpus"/> values; the i-th is that of the i-th possible CPU.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Read(int index, Span<T> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, Cpus);
        using var call = new MapCall(map.Owner);
        var key = (uint)index;
        int result;
        fixed (byte* start = buffer)
            result = LibBpf.bpf_map_lookup_elem(fd, &key, start);
        if (result < 0)
            throw new BpfException("read", map.ToString(), -result);
        for (var cpu = 0; cpu < Cpus; cpu++)
            values[cpu] = MemoryMarshal.Read<T>(buffer.AsSpan(cpu * stride));
    }
}
