using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>
/// A collector of events or tasks: those that match, in the order in which they came to match, and a position among them.
/// Guarded by the vCenter's lock.
/// </summary>
/// <param name="reference">Its reference.</param>
/// <param name="matches">Which items are its.</param>
internal sealed class FakeHistoryCollector(ManagedObject reference, Func<FakeItem, bool> matches)
{
    private readonly LinkedList<FakeItem> items = [];
    private readonly HashSet<FakeItem> known = [];

    // The last item that was read towards newer ones; null: before the oldest.
    private LinkedListNode<FakeItem>? position;

    public ManagedObject Reference => reference;

    /// <summary>Items in its latest page.</summary>
    public int PageSize { get; set; } = 10;

    /// <summary>The most that it keeps, the newest; null: all.</summary>
    public int? MaxCount { get; init; }

    /// <summary>Takes an item that is new or has changed.</summary>
    /// <returns>Whether it matches.</returns>
    public bool Offer(FakeItem item)
    {
        if (!matches(item))
            return false;
        if (known.Add(item))
            items.AddLast(item);
        while (items.Count > (MaxCount ?? int.MaxValue))
            Drop(items.First!);
        return true;
    }

    /// <summary>An item is not kept any more.</summary>
    public void Forget(FakeItem item)
    {
        if (known.Contains(item) && items.Find(item) is { } node)
            Drop(node);
    }

    public void Rewind() => position = null;

    /// <summary>Before the newest, from where one reads towards older ones.</summary>
    public void Reset() => position = items.Last;

    public List<FakeItem> ReadNext(int count)
    {
        Check(count);
        var read = new List<FakeItem>();
        for (var next = position is null ? items.First : position.Next; next is not null && read.Count < count; next = next.Next)
        {
            read.Add(next.Value);
            position = next;
        }
        return read;
    }

    public List<FakeItem> ReadPrevious(int count)
    {
        Check(count);
        var read = new List<FakeItem>();
        while (position is not null && read.Count < count)
        {
            read.Add(position.Value);
            position = position.Previous;
        }
        return read;
    }

    /// <summary>The newest, in no order.</summary>
    public List<FakeItem> LatestPage(int seed)
    {
        var page = new List<FakeItem>();
        for (var each = items.Last; each is not null && page.Count < PageSize; each = each.Previous)
            page.Add(each.Value);
        new Random(seed ^ page.Count ^ (page.Count > 0 ? page[0].Key : 0)).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(page));
        return page;
    }

    private void Drop(LinkedListNode<FakeItem> node)
    {
        if (position == node)
            position = node.Previous;
        known.Remove(node.Value);
        items.Remove(node);
    }

    private static void Check(int count)
    {
        if (count is < 1 or > 1000)
            throw VimFault.InvalidArgument("maxCount");
    }
}
