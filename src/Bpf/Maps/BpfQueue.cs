using System.Diagnostics.CodeAnalysis;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Maps;

/// <summary>A queue or stack map: how values are handed between user space and programs one at a time.</summary>
/// <remarks>Any thread may call; the kernel locks.</remarks>
[SuppressMessage("Naming", "CA1711", Justification = "The kernel's name for this kind of map.")]
public sealed unsafe class BpfQueue<T>
    where T : unmanaged
{
    private readonly BpfMap map;
    private readonly int fd;

    /// <summary>Wraps a loaded map.</summary>
    /// <param name="map">A queue or stack whose values have the size of <typeparamref name="T"/>.</param>
    /// <exception cref="BpfException">Another kind of map, another size, or not created.</exception>
    public BpfQueue(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        map.Require("use", [BpfMapType.Queue, BpfMapType.Stack], valueSize: sizeof(T));
        this.map = map;
        fd = map.Fd;
    }

    /// <summary>Adds a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="evictOldest">When full, drop the oldest instead of refusing.</param>
    /// <returns>False when the queue is full.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryPush(T value, bool evictOldest = false)
    {
        using var call = new MapCall(map.Owner);
        var mode = evictOldest ? UpdateMode.Replace : UpdateMode.Any;
        var result = LibBpf.bpf_map_update_elem(fd, null, &value, (ulong)mode);
        return result switch
        {
            0 => true,
            -Errno.E2BIG => false,
            _ => throw Failed("push to", result),
        };
    }

    /// <summary>Takes the next value out.</summary>
    /// <param name="value">The value, or default.</param>
    /// <returns>False when the queue is empty.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryPop(out T value)
    {
        using var call = new MapCall(map.Owner);
        T taken = default;
        var result = LibBpf.bpf_map_lookup_and_delete_elem(fd, null, &taken);
        value = taken;
        return Found(result, "pop from");
    }

    /// <summary>Copies the next value and leaves it.</summary>
    /// <param name="value">The value, or default.</param>
    /// <returns>False when the queue is empty.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryPeek(out T value)
    {
        using var call = new MapCall(map.Owner);
        T next = default;
        var result = LibBpf.bpf_map_lookup_elem(fd, null, &next);
        value = next;
        return Found(result, "peek at");
    }

    private bool Found(int result, string operation) => result switch
    {
        0 => true,
        -Errno.ENOENT => false,
        _ => throw Failed(operation, result),
    };

    private BpfException Failed(string operation, int result) => new(operation, map.ToString(), -result);
}
