using Observe.Bpf.Interop;

namespace Observe.Bpf.Maps;

/// <summary>A hash map (plain or LRU) with typed keys and values.</summary>
/// <remarks>Any thread may call; the kernel locks. Nothing here allocates after construction.</remarks>
public sealed unsafe class BpfHash<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    /// <summary>A hash map's batch cursor is a u32 bucket, an array's the key; room for either.</summary>
    private const int MaxCursor = 64;

    private readonly BpfMap map;
    private readonly int fd;
    private bool batchUnsupported;

    /// <summary>Wraps a loaded map.</summary>
    /// <param name="map">A hash or LRU hash whose sizes are those of the type parameters.</param>
    /// <exception cref="BpfException">Another kind of map, other sizes, or not created.</exception>
    public BpfHash(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        map.Require("use", [BpfMapType.Hash, BpfMapType.LruHash], sizeof(TKey), sizeof(TValue));
        this.map = map;
        fd = map.Fd;
        MaxEntries = checked((int)map.MaxEntries);
    }

    /// <summary>Capacity.</summary>
    public int MaxEntries { get; }

    /// <summary>Finds a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">A copy of the value, or default.</param>
    /// <returns>False when the key is absent.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryLookup(TKey key, out TValue value)
    {
        using var call = new MapCall(map.Owner);
        TValue found = default;
        var result = LibBpf.bpf_map_lookup_elem(fd, &key, &found);
        value = found;
        return result == 0 || Absent(result, "look up in");
    }

    /// <summary>Inserts or replaces.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="mode">Whether the key must be new or present.</param>
    /// <returns>False when <paramref name="mode"/> forbids it, or the map is full.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryUpdate(TKey key, TValue value, UpdateMode mode = UpdateMode.Any)
    {
        using var call = new MapCall(map.Owner);
        var result = LibBpf.bpf_map_update_elem(fd, &key, &value, (ulong)mode);
        return result switch
        {
            0 => true,
            -Errno.EEXIST or -Errno.ENOENT or -Errno.E2BIG => false,
            _ => throw Failed("update", result),
        };
    }

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>False when it was absent.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool Delete(TKey key)
    {
        using var call = new MapCall(map.Owner);
        var result = LibBpf.bpf_map_delete_elem(fd, &key);
        return result == 0 || Absent(result, "delete from");
    }

    /// <summary>The number of entries, by walking the keys: one system call an entry.</summary>
    /// <remarks>A walk over a map that changes may restart; it ends after <see cref="MaxEntries"/> steps at the latest.</remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public int Count()
    {
        using var call = new MapCall(map.Owner);
        TKey key, next;
        var count = 0;
        for (var at = (TKey*)null; count < MaxEntries && NextKey(at, &next); at = &key, count++)
            key = next;
        return count;
    }

    /// <summary>
    /// Copies entries out, in batches where the kernel can (Linux 5.6), else one by one. Entries that come or go during
    /// the walk may be missed.
    /// </summary>
    /// <param name="keys">Room for keys; for <see cref="MaxEntries"/> of them to be sure to get all.</param>
    /// <param name="values">Room for as many values.</param>
    /// <returns>How many were copied, from the start of both.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public int ReadAll(Span<TKey> keys, Span<TValue> values)
    {
        var room = Math.Min(keys.Length, values.Length);
        if (room == 0)
            return 0;
        using var call = new MapCall(map.Owner);
        fixed (TKey* keyStart = keys)
        fixed (TValue* valueStart = values)
        {
            if (!batchUnsupported && ReadBatches(keyStart, valueStart, room) is >= 0 and var count)
                return count;
            return ReadOneByOne(keyStart, valueStart, room);
        }
    }

    /// <summary>As <see cref="ReadAll"/> on a kernel without batches.</summary>
    internal int ReadOneByOne(Span<TKey> keys, Span<TValue> values)
    {
        using var call = new MapCall(map.Owner);
        fixed (TKey* keyStart = keys)
        fixed (TValue* valueStart = values)
            return ReadOneByOne(keyStart, valueStart, Math.Min(keys.Length, values.Length));
    }

    /// <summary>The number read, or -1 when the kernel has no batches or they did not get on.</summary>
    private int ReadBatches(TKey* keys, TValue* values, int room)
    {
        var cursor = stackalloc byte[MaxCursor];
        var done = 0u;
        while (done < room)
        {
            var count = (uint)room - done;
            var result = LibBpf.bpf_map_lookup_batch(
                fd, done == 0 ? null : cursor, cursor, keys + done, values + done, &count, null);
            switch (result)
            {
                case 0:
                    done += count;
                    if (count == 0)
                        return (int)done;
                    break;
                case -Errno.ENOENT: // The end; what came with it is valid.
                    return (int)(done + count);
                case -Errno.EINTR or -Errno.EAGAIN:
                    break;
                case -Errno.ENOSPC: // A bucket larger than the room that is left.
                    return done == 0 ? -1 : (int)done;
                default:
                    if (done > 0 || !MapCall.IsUnsupported(result))
                        throw Failed("read", result);
                    batchUnsupported = true;
                    return -1;
            }
        }
        return (int)done;
    }

    private int ReadOneByOne(TKey* keys, TValue* values, int room)
    {
        TKey key, next;
        var (count, steps) = (0, 0);
        for (var at = (TKey*)null; count < room && steps <= MaxEntries && NextKey(at, &next); at = &key, steps++)
        {
            key = next;
            var result = LibBpf.bpf_map_lookup_elem(fd, &key, values + count);
            if (result == 0)
                keys[count++] = key;
            else
                Absent(result, "look up in"); // Deleted since its key was read.
        }
        return count;
    }

    private bool NextKey(TKey* key, TKey* next)
    {
        var result = LibBpf.bpf_map_get_next_key(fd, key, next);
        return result == 0 || Absent(result, "walk");
    }

    /// <summary>False for an absent key; throws for anything else.</summary>
    private bool Absent(int result, string operation) =>
        result == -Errno.ENOENT ? false : throw Failed(operation, result);

    private BpfException Failed(string operation, int result) => new(operation, map.ToString(), -result);
}
