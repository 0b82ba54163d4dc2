namespace Observe.Collectors.VCenter.Events;

/// <summary>Many events' numbers and times in few bytes: differences to the one before, zigzag, seven bits a byte.</summary>
internal static class EventIdList
{
    /// <summary>Packs a list.</summary>
    /// <param name="ids">Sorted by number they take some five bytes each.</param>
    public static byte[] Pack(IReadOnlyList<EventId> ids)
    {
        var bytes = new List<byte>(ids.Count * 6);
        var before = default(EventId);
        foreach (var id in ids)
        {
            Add(bytes, (long)id.Key - before.Key);
            Add(bytes, id.Ticks - before.Ticks);
            before = id;
        }
        return [.. bytes];
    }

    /// <summary>Unpacks one.</summary>
    /// <param name="bytes">As packed.</param>
    /// <exception cref="FormatException">They are none.</exception>
    public static IReadOnlyList<EventId> Unpack(ReadOnlySpan<byte> bytes)
    {
        var ids = new List<EventId>();
        var before = default(EventId);
        while (bytes.Length > 0)
        {
            before = new EventId(checked((int)(before.Key + Take(ref bytes))), before.Ticks + Take(ref bytes));
            ids.Add(before);
        }
        return ids;
    }

    private static void Add(List<byte> bytes, long value)
    {
        var left = (ulong)(value << 1) ^ (ulong)(value >> 63);
        for (; left > 0x7f; left >>= 7)
            bytes.Add((byte)(left | 0x80));
        bytes.Add((byte)left);
    }

    private static long Take(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var i = 0; i < Math.Min(10, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] > 0x7f)
                continue;
            bytes = bytes[(i + 1)..];
            return (long)(value >> 1) ^ -(long)(value & 1);
        }
        throw new FormatException("the list of delivered events is cut off");
    }
}
