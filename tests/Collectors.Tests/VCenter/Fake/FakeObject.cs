using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>A managed object: a tree of properties, and when each part of it changed last. Guarded by the vCenter's lock.</summary>
/// <param name="reference">Its reference.</param>
/// <param name="schema">What properties its type has.</param>
internal sealed class FakeObject(ManagedObject reference, FakeSchema schema)
{
    private readonly Dictionary<string, long> changedAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> addedAt = new(StringComparer.Ordinal);
    private VimValue root = Values.Of("");

    public ManagedObject Reference => reference;

    /// <summary>Stamp of its last change.</summary>
    public long LastChange { get; private set; }

    /// <summary>Whose it is; null: of all sessions.</summary>
    public FakeSession? Owner { get; init; }

    /// <summary>Properties that are made up when they are asked for.</summary>
    public Dictionary<string, Func<VimValue?>> Computed { get; } = new(StringComparer.Ordinal);

    /// <summary>Properties that must not be read, and all beneath them.</summary>
    public HashSet<string> Denied { get; } = new(StringComparer.Ordinal);

    public bool IsDenied(string path) => Denied.Count > 0 && Denied.Any(each => path == each || PropertyPath.IsBeneath(path, each));

    /// <summary>What a property is now; null if it is unset.</summary>
    public VimValue? Get(string path)
    {
        if (Computed.TryGetValue(path, out var compute))
            return compute();
        var at = root;
        foreach (var (name, key) in PropertyPath.Split(path))
        {
            if (at[name] is not { } next)
                return null;
            at = next;
            if (key is not null)
            {
                if (Element(at, key) is not { } element)
                    return null;
                at = element;
            }
        }
        return at;
    }

    /// <summary>Sets or unsets a property; says what differs.</summary>
    public void Set(string path, VimValue? value, long stamp)
    {
        schema.Add(reference.Type, path);
        // What contains it and was not there comes with it.
        var outer = path;
        while (value is not null && outer.LastIndexOf('.') is var dot and > 0 && Get(outer[..dot]) is null)
            outer = outer[..dot];
        var before = Get(outer);
        root = Put(root, PropertyPath.Split(path), 0, "", value);
        Mark(outer, before, Get(outer), stamp);
    }

    /// <summary>Sets or takes away an element of a list.</summary>
    /// <param name="path">The list.</param>
    /// <param name="element">Type of its elements.</param>
    /// <param name="key">The element's key.</param>
    /// <param name="value">The element; null: it goes.</param>
    /// <param name="asElement">Whether the element is said to have changed, or the list.</param>
    /// <param name="stamp">When.</param>
    public void SetElement(string path, string element, string key, VimValue? value, bool asElement, long stamp)
    {
        schema.Add(reference.Type, path);
        var list = Get(path) ?? Values.Array(element, []);
        var old = Element(list, key);
        if (Values.Same(old, value))
            return;
        var elements = list.Members.Where(each => !ReferenceEquals(each.Value, old)).Select(each => each.Value).ToList();
        if (value is not null)
            elements.Add(value);
        root = Put(root, PropertyPath.Split(path), 0, "", Values.Array(element, elements));
        var at = $"{path}[\"{key}\"]";
        if (old is null)
            addedAt[at] = stamp;
        Touch(asElement ? at : path, stamp);
    }

    /// <summary>Says that something changed.</summary>
    public void Touch(string path, long stamp)
    {
        changedAt[path] = stamp;
        LastChange = stamp;
    }

    /// <summary>What changed of some properties since a stamp.</summary>
    /// <param name="paths">The properties.</param>
    /// <param name="since">The stamp.</param>
    /// <param name="isPartial">Whether what is beneath a property is told by itself.</param>
    public IEnumerable<PropertyChange> Changes(IReadOnlyList<string> paths, long since, bool isPartial)
    {
        if (LastChange <= since)
            yield break;
        var changed = changedAt.Where(each => each.Value > since).Select(each => each.Key).ToList();
        foreach (var path in paths)
        {
            if (IsDenied(path))
                continue;
            var above = changed.Find(each => each == path || PropertyPath.IsBeneath(path, each));
            if (above is not null)
            {
                var value = Get(path);
                yield return new PropertyChange(path, value is null && above != path ? "indirectRemove" : "assign", value);
                continue;
            }
            var beneath = changed.Where(each => PropertyPath.IsBeneath(each, path)).ToList();
            if (beneath.Count == 0)
                continue;
            if (!isPartial)
            {
                yield return new PropertyChange(path, "assign", Get(path));
                continue;
            }
            foreach (var each in beneath.Order(StringComparer.Ordinal))
            {
                if (!beneath.Exists(other => PropertyPath.IsBeneath(each, other)) && Partial(each, since) is { } change)
                    yield return change;
            }
        }
    }

    private PropertyChange? Partial(string path, long since)
    {
        var value = Get(path);
        if (!path.EndsWith(']'))
            return new PropertyChange(path, "assign", value);
        var isNew = addedAt.GetValueOrDefault(path) > since;
        return (isNew, value) switch
        {
            (true, null) => null,
            (false, null) => new PropertyChange(path, "remove", null),
            (true, _) => new PropertyChange(path, "add", value),
            _ => new PropertyChange(path, "assign", value),
        };
    }

    private VimValue Put(VimValue at, List<(string Name, string? Key)> path, int depth, string above, VimValue? value)
    {
        var (name, key) = path[depth];
        if (key is not null)
            throw new ArgumentException($"{name}[{key}]: elements are set with SetElement");
        if (depth == path.Count - 1)
            return Values.With(at, name, value);
        var here = above.Length == 0 ? name : $"{above}.{name}";
        var next = at[name] ?? (value is null ? null : Values.Of(FakeSchema.TypeAt(reference.Type, here) ?? ""));
        return next is null ? at : Values.With(at, name, Put(next, path, depth + 1, here, value));
    }

    private void Mark(string path, VimValue? before, VimValue? after, long stamp)
    {
        if (Values.Same(before, after))
            return;
        if (before is not { Members.Count: > 0 } || after is not { Members.Count: > 0 } || Values.IsArray(before) || Values.IsArray(after) || before.Type != after.Type || HasLists(before) || HasLists(after))
        {
            Touch(path, stamp);
            return;
        }
        foreach (var name in before.Members.Concat(after.Members).Select(each => each.Key).Distinct())
            Mark($"{path}.{name}", before[name], after[name], stamp);
    }

    private static bool HasLists(VimValue value) => value.Members.Select(each => each.Key).Distinct().Count() < value.Members.Count;

    private static VimValue? Element(VimValue list, string key) =>
        list.Elements.FirstOrDefault(each => (each["key"]?.Text ?? each["snapshot"]?.Text ?? each.Text) == key);
}
