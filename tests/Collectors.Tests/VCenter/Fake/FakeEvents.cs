using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>The event database, and those who read it.</summary>
/// <param name="vcenter">Of this vCenter.</param>
internal sealed class FakeEvents(FakeVCenter vcenter)
{
    private readonly Queue<FakeEvent> kept = new();
    private int lastKey = 4_000;

    /// <summary>History collectors of events and tasks together that a session may have.</summary>
    public int MaxCollectors { get; set; } = 32;

    /// <summary>How long events are kept, on the server's clock; null: for ever.</summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>The most that are kept.</summary>
    public int MaxKept { get; set; } = int.MaxValue;

    /// <summary>All that were ever posted, but for those a restored database has forgotten.</summary>
    public List<FakeEvent> Posted { get; } = [];

    /// <summary>Those that can still be read.</summary>
    public IReadOnlyList<FakeEvent> Kept
    {
        get
        {
            lock (vcenter.Gate)
            {
                Expire();
                return [.. kept];
            }
        }
    }

    /// <summary>Those that the last restored database had lost, oldest first.</summary>
    public IReadOnlyList<FakeEvent> Forgotten { get; private set; } = [];

    /// <summary>The newest one.</summary>
    public FakeEvent? Latest => Posted.Count > 0 ? Posted[^1] : null;

    /// <summary>Posts an event. Its key, time and message come by themselves.</summary>
    /// <param name="type">Type: <c>DrsVmMigratedEvent</c>, <c>EventEx</c> (with a member <c>eventTypeId</c>).</param>
    /// <param name="vm">The virtual machine; with it come its host, compute resource and datacenter.</param>
    /// <param name="host">The host, if it is not the machine's.</param>
    /// <param name="chainId">Key of the operation's first event; null: it is the first.</param>
    /// <param name="created">When, on the server's clock; null: now.</param>
    /// <param name="user">Who did it.</param>
    /// <param name="members">The type's own members.</param>
    public FakeEvent Post(string type, ManagedObject? vm = null, ManagedObject? host = null, int? chainId = null, DateTimeOffset? created = null, string user = "", params ReadOnlySpan<(string Name, VimValue? Value)> members)
    {
        FakeEvent posted;
        lock (vcenter.Gate)
        {
            var key = ++lastKey;
            var at = created ?? vcenter.Clock.Now;
            var inventory = vcenter.Inventory;
            host ??= vm is { } of ? inventory.Get(of, "runtime.host")?.AsManagedObject : null;
            var compute = host is { } on ? inventory.Get(on, "parent")?.AsManagedObject : null;
            var datacenter = (host ?? vm) is { } entity ? inventory.DatacenterOf(entity) : (ManagedObject?)null;
            var value = Values.Of(type, [
                ("key", Values.Int(key)),
                ("chainId", Values.Int(chainId ?? key)),
                ("createdTime", Values.Time(at)),
                ("userName", Values.Text(user)),
                ("datacenter", Argument("Datacenter", "datacenter", datacenter)),
                ("computeResource", Argument("ComputeResource", "computeResource", compute)),
                ("host", Argument("Host", "host", host)),
                ("vm", Argument("Vm", "vm", vm)),
                ("fullFormattedMessage", Values.Text($"{type} {key}")),
                .. members,
            ]);
            posted = new FakeEvent(type, key, chainId ?? key, at, vcenter.Time.GetUtcNow(), value);
            Posted.Add(posted);
            kept.Enqueue(posted);
            Offer(posted);
            Expire();
        }
        vcenter.Pulse();
        return posted;
    }

    /// <summary>An event's argument: an object with its name.</summary>
    public VimValue? Argument(string kind, string member, ManagedObject? of) => of is not { } it ? null : Values.Of(
        $"{kind}EventArgument", ("name", vcenter.Inventory.Contains(it) ? vcenter.Inventory.Get(it, "name") : Values.Text(it.Id)), (member, Values.Ref(it)));

    /// <summary>Leaves out some keys, as other vCenters of the same database would.</summary>
    public void SkipKeys(int count)
    {
        lock (vcenter.Gate)
            lastKey += count;
    }

    /// <summary>The database is restored from a backup: events after a key are lost and their keys come again, sessions are over.</summary>
    /// <param name="key">The last key that is left.</param>
    /// <param name="instanceUuid">What the vCenter is from now on; null: the same.</param>
    public void Restore(int key, string? instanceUuid = null)
    {
        lock (vcenter.Gate)
        {
            Forgotten = [.. Posted.Where(each => each.Key > key)];
            Posted.RemoveAll(each => each.Key > key);
            var left = kept.Where(each => each.Key <= key).ToList();
            kept.Clear();
            left.ForEach(kept.Enqueue);
            lastKey = key;
            if (instanceUuid is not null)
                vcenter.About = vcenter.About with { InstanceUuid = instanceUuid };
        }
        vcenter.Sessions.KillAll();
    }

    internal ManagedObject CreateCollector(FakeSession session, DateTimeOffset? begin, DateTimeOffset? end, IReadOnlyList<string> typeIds, int? maxCount)
    {
        lock (vcenter.Gate)
        {
            Expire();
            var collector = new FakeHistoryCollector(NewReference(session, "EventHistoryCollector", MaxCollectors, vcenter), item => Matches((FakeEvent)item, begin, end, typeIds)) { MaxCount = maxCount };
            foreach (var each in kept)
                collector.Offer(each);
            var shown = new FakeObject(collector.Reference, vcenter.Inventory.Schema) { Owner = session };
            shown.Computed["latestPage"] = () => Values.Array("Event", collector.LatestPage(vcenter.Seed).Select(each => each.Value));
            session.Histories[collector.Reference] = collector;
            session.Objects[collector.Reference] = shown;
            return collector.Reference;
        }
    }

    /// <summary>The next ones of a collector.</summary>
    internal IReadOnlyList<FakeItem> Read(FakeSession session, ManagedObject collector, string type, int count, bool isForward)
    {
        lock (vcenter.Gate)
        {
            Expire();
            var of = Collector(session, collector, type);
            return isForward ? of.ReadNext(count) : of.ReadPrevious(count);
        }
    }

    internal void Rewind(FakeSession session, ManagedObject collector, bool isReset = false)
    {
        lock (vcenter.Gate)
        {
            var of = Collector(session, collector, "HistoryCollector");
            if (isReset)
                of.Reset();
            else
                of.Rewind();
        }
    }

    internal void SetPageSize(FakeSession session, ManagedObject collector, int size)
    {
        lock (vcenter.Gate)
        {
            var of = Collector(session, collector, "HistoryCollector");
            if (size is < 1 or > 1000)
                throw VimFault.InvalidArgument("maxCount");
            of.PageSize = size;
            session.Objects[collector].Touch("latestPage", vcenter.NextStamp());
        }
        vcenter.Pulse();
    }

    internal void Destroy(FakeSession session, ManagedObject collector)
    {
        lock (vcenter.Gate)
        {
            Collector(session, collector, "HistoryCollector");
            session.Histories.Remove(collector);
            session.Objects.Remove(collector);
            vcenter.Inventory.Reshape();
        }
        vcenter.Pulse();
    }

    internal static ManagedObject NewReference(FakeSession session, string type, int most, FakeVCenter vcenter) =>
        session.Histories.Count >= most
            ? throw VimFault.Of("InvalidState", "The operation is not allowed in the current state: there are too many collectors.")
            : new ManagedObject(type, vcenter.NewId($"session[{session.Key}]"));

    private FakeHistoryCollector Collector(FakeSession session, ManagedObject reference, string type)
    {
        vcenter.Find(session, reference, type);
        return session.Histories[reference];
    }

    private void Offer(FakeEvent posted)
    {
        foreach (var session in vcenter.Sessions.All)
        {
            foreach (var (reference, collector) in session.Histories)
            {
                if (reference.Type == "EventHistoryCollector" && collector.Offer(posted))
                    session.Objects[reference].Touch("latestPage", vcenter.NextStamp());
            }
        }
    }

    private void Expire()
    {
        var before = Retention is { } time ? vcenter.Clock.Now - time : DateTimeOffset.MinValue;
        while (kept.Count > 0 && (kept.Count > MaxKept || kept.Peek().Created < before))
        {
            var gone = kept.Dequeue();
            foreach (var session in vcenter.Sessions.All)
            {
                foreach (var collector in session.Histories.Values)
                    collector.Forget(gone);
            }
        }
    }

    // Ids of ordinary events match with or without their prefix; those of EventEx as they are. A base type matches no derived one.
    private static bool Matches(FakeEvent each, DateTimeOffset? begin, DateTimeOffset? end, IReadOnlyList<string> typeIds) =>
        (begin is null || each.Created >= begin) && (end is null || each.Created <= end)
        && (typeIds.Count == 0 || typeIds.Contains(each.TypeId) || typeIds.Contains(each.Type));
}
