namespace Observe.Telemetry.Time;

/// <summary>The keys that came last, to tell what has come already. Not thread-safe.</summary>
/// <param name="capacity">How many are remembered.</param>
public sealed class RecentKeys(int capacity)
{
    private readonly HashSet<UInt128> keys = new(capacity);
    private readonly UInt128[] order = new UInt128[capacity];
    private long added;

    /// <summary>Whether it is among them.</summary>
    /// <param name="key">The key.</param>
    public bool Contains(UInt128 key) => keys.Contains(key);

    /// <summary>Remembers a key in place of the oldest.</summary>
    /// <param name="key">The key.</param>
    /// <returns>False if it was among them.</returns>
    public bool Add(UInt128 key)
    {
        if (!keys.Add(key))
            return false;
        ref var place = ref order[added % order.Length];
        if (added++ >= order.Length)
            keys.Remove(place);
        place = key;
        return true;
    }
}
