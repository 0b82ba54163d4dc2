using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>A filter of a property collector: which objects, and what of each type.</summary>
internal sealed class FakeFilter
{
    private readonly FakeVCenter vcenter;
    private readonly IReadOnlyList<PropertySet> sets;
    private readonly Func<IReadOnlyList<FakeObject>> objects;
    private readonly Dictionary<string, IReadOnlyList<string>?> paths = new(StringComparer.Ordinal);
    private List<FakeObject> members = [];
    private long membersAt = -1;

    public FakeFilter(FakeVCenter vcenter, ManagedObject reference, IReadOnlyList<PropertySet> sets, Func<IReadOnlyList<FakeObject>> objects, bool isPartial)
    {
        (this.vcenter, Reference, this.sets, this.objects, IsPartial) = (vcenter, reference, sets, objects, isPartial);
        if (sets.Count == 0)
            throw VimFault.InvalidArgument("spec.propSet");
        foreach (var set in sets)
        {
            if (!FakeTypes.IsManaged(set.Type))
                throw VimFault.InvalidArgument("spec.propSet.type");
            foreach (var path in set.Paths)
            {
                if (!vcenter.Inventory.Schema.Has(set.Type, path))
                    throw VimFault.InvalidProperty(path);
            }
        }
    }

    public ManagedObject Reference { get; }

    public bool IsPartial { get; }

    /// <summary>What of a type; null: it is not followed.</summary>
    public IReadOnlyList<string>? Paths(string type)
    {
        if (!paths.TryGetValue(type, out var found))
        {
            var matching = sets.Where(each => FakeTypes.Is(type, each.Type)).ToList();
            paths[type] = found = matching.Count == 0 ? null : [.. matching.SelectMany(each => each.Paths).Distinct()];
        }
        return found;
    }

    /// <summary>Objects that are in it now.</summary>
    public List<FakeObject> Members()
    {
        if (membersAt != vcenter.Inventory.Shape)
        {
            members = [.. objects().Where(each => Paths(each.Reference.Type) is not null)];
            // In no order that anybody may rely on, but always in the same.
            var chance = new Random(vcenter.Seed);
            chance.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(members));
            membersAt = vcenter.Inventory.Shape;
        }
        return members;
    }

    /// <summary>All that is set of an object, and what may not be read.</summary>
    public ObjectUpdate Enter(FakeObject of)
    {
        var changes = new List<PropertyChange>();
        var missing = new List<KeyValuePair<string, string>>();
        foreach (var path in Paths(of.Reference.Type)!)
        {
            if (of.IsDenied(path))
                missing.Add(new(path, "NoPermission"));
            else if (of.Get(path) is { } value)
                changes.Add(new PropertyChange(path, "assign", value));
        }
        return new ObjectUpdate("enter", of.Reference, changes, missing);
    }

    /// <summary>What changed of an object since a stamp; null if nothing did.</summary>
    public ObjectUpdate? Modify(FakeObject of, long since)
    {
        if (of.LastChange <= since)
            return null;
        var all = Paths(of.Reference.Type)!;
        var changes = of.Changes(all, since, IsPartial).ToList();
        var missing = of.Denied.Count == 0 ? [] : all.Where(of.IsDenied).Select(each => KeyValuePair.Create(each, "NoPermission")).ToList();
        return changes.Count == 0 && missing.Count == 0 ? null : new ObjectUpdate("modify", of.Reference, changes, missing);
    }
}
