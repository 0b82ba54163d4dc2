using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>Property collectors, filters and views of all sessions. A view that is destroyed takes its members along.</summary>
/// <param name="vcenter">Of this vCenter.</param>
internal sealed class FakePropertyCollectors(FakeVCenter vcenter)
{
    private readonly Dictionary<ManagedObject, (ManagedObject Container, IReadOnlyList<string> Types, bool IsRecursive)> members = [];

    /// <summary>Object updates in one answer, whatever was asked for.</summary>
    public int MostUpdates { get; set; } = 1000;

    /// <summary>Every collector forgets its versions, as after a time without a request.</summary>
    public void ForgetVersions()
    {
        lock (vcenter.Gate)
        {
            foreach (var each in vcenter.Sessions.All.SelectMany(session => session.Collectors.Values))
                each.Forget();
        }
    }

    internal ManagedObject Create(FakeSession session)
    {
        lock (vcenter.Gate)
        {
            var reference = new ManagedObject("PropertyCollector", vcenter.NewId($"session[{session.Key}]"));
            session.Objects[reference] = new FakeObject(reference, vcenter.Inventory.Schema) { Owner = session };
            return Of(session, reference).Reference;
        }
    }

    internal void Destroy(FakeSession session, ManagedObject reference)
    {
        lock (vcenter.Gate)
        {
            // The session's own one cannot be destroyed.
            if (reference == FakeServices.PropertyCollector)
                throw VimFault.Of("NotSupported", "The operation is not supported on the object.");
            var collector = Of(session, reference);
            foreach (var filter in collector.Filters.Keys)
                session.Objects.Remove(filter);
            session.Collectors.Remove(reference);
            session.Objects.Remove(reference);
        }
        vcenter.Pulse();
    }

    /// <summary>A view of entities beneath a container; of all types, if none are given.</summary>
    internal ManagedObject CreateView(FakeSession session, ManagedObject container, IReadOnlyList<string> types, bool isRecursive)
    {
        lock (vcenter.Gate)
        {
            vcenter.Find(session, container, "ManagedEntity");
            if (types.Any(each => !FakeTypes.IsManaged(each)))
                throw VimFault.InvalidArgument("type");
            var reference = new ManagedObject("ContainerView", $"session[{session.Key}]{Guid.NewGuid():D}");
            var view = new FakeObject(reference, vcenter.Inventory.Schema) { Owner = session };
            view.Computed["view"] = () => Values.Refs(Members(session, reference).Select(each => each.Reference));
            view.Computed["container"] = () => Values.Ref(container);
            session.Objects[reference] = view;
            members[reference] = (container, types, isRecursive);
            return reference;
        }
    }

    internal void DestroyView(FakeSession session, ManagedObject view)
    {
        lock (vcenter.Gate)
        {
            vcenter.Find(session, view, "View");
            session.Objects.Remove(view);
            members.Remove(view);
            vcenter.Inventory.Reshape();
        }
        vcenter.Pulse();
    }

    /// <summary>What is in a view now.</summary>
    internal IReadOnlyList<FakeObject> Members(FakeSession session, ManagedObject view) =>
        session.Objects.ContainsKey(view) && members.TryGetValue(view, out var of) ? vcenter.Inventory.Beneath(of.Container, of.Types, of.IsRecursive) : [];

    /// <summary>A filter of single objects and of what is in views.</summary>
    internal ManagedObject CreateFilter(FakeSession session, ManagedObject collector, IReadOnlyList<PropertySet> sets, IReadOnlyList<(ManagedObject Object, bool IsView)> objects, bool isPartial)
    {
        lock (vcenter.Gate)
        {
            var owner = Of(session, collector);
            var reference = new ManagedObject("PropertyFilter", $"session[{session.Key}]{Guid.NewGuid():D}");
            owner.Filters[reference] = Filter(session, reference, sets, objects, isPartial);
            session.Objects[reference] = new FakeObject(reference, vcenter.Inventory.Schema) { Owner = session };
            vcenter.NextStamp();
            vcenter.Pulse();
            return reference;
        }
    }

    internal void DestroyFilter(FakeSession session, ManagedObject filter)
    {
        lock (vcenter.Gate)
        {
            vcenter.Find(session, filter, "PropertyFilter");
            session.Objects.Remove(filter);
            foreach (var each in session.Collectors.Values)
                each.Filters.Remove(filter);
        }
    }

    /// <summary>Properties at once.</summary>
    internal IReadOnlyList<ObjectUpdate> Retrieve(FakeSession session, ManagedObject collector, IReadOnlyList<PropertySet> sets, IReadOnlyList<(ManagedObject Object, bool IsView)> objects)
    {
        lock (vcenter.Gate)
        {
            Of(session, collector);
            var filter = Filter(session, default, sets, objects, isPartial: false);
            return [.. filter.Members().Select(filter.Enter)];
        }
    }

    internal Task<FakeAnswer?> WaitAsync(FakeSession session, ManagedObject collector, string version, TimeSpan? maxWait, int? maxUpdates, CancellationToken cancellationToken)
    {
        FakePropertyCollector of;
        lock (vcenter.Gate)
            of = Of(session, collector);
        if (maxUpdates is < 1)
            throw VimFault.InvalidArgument("options.maxObjectUpdates");
        return of.WaitAsync(version, maxWait, Math.Min(maxUpdates ?? int.MaxValue, MostUpdates), cancellationToken);
    }

    internal void CancelWait(FakeSession session, ManagedObject collector)
    {
        lock (vcenter.Gate)
            Of(session, collector).CancelWait();
        vcenter.Pulse();
    }

    private FakeFilter Filter(FakeSession session, ManagedObject reference, IReadOnlyList<PropertySet> sets, IReadOnlyList<(ManagedObject Object, bool IsView)> objects, bool isPartial)
    {
        if (objects.Count == 0)
            throw VimFault.InvalidArgument("spec.objectSet");
        foreach (var (each, isView) in objects)
            vcenter.Find(session, each, isView ? "ManagedObjectView" : null);
        return new FakeFilter(vcenter, reference, sets, () => [.. objects.SelectMany(each => Reach(session, each.Object, each.IsView)).DistinctBy(each => each.Reference)], isPartial);
    }

    private IReadOnlyList<FakeObject> Reach(FakeSession session, ManagedObject each, bool isView)
    {
        if (isView)
            return Members(session, each);
        return (session.Objects.GetValueOrDefault(each) ?? vcenter.Inventory.FindObject(each)) is { } found ? [found] : [];
    }

    private FakePropertyCollector Of(FakeSession session, ManagedObject reference)
    {
        vcenter.Find(session, reference, "PropertyCollector");
        if (!session.Collectors.TryGetValue(reference, out var collector))
        {
            session.Collectors[reference] = collector = new FakePropertyCollector(vcenter, session, reference);
        }
        return collector;
    }
}
