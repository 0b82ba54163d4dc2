using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>The properties that are asked for of a type, and where the value of each is kept.</summary>
/// <param name="type">The type; objects of derived types have them too.</param>
/// <param name="paths">The properties.</param>
internal sealed class PropertyPaths(string type, params string[] paths)
{
    /// <summary>The type.</summary>
    public string Type { get; } = type;

    /// <summary>The properties.</summary>
    public IReadOnlyList<string> Paths => paths;

    /// <summary>What is asked for.</summary>
    public PropertySet Set => new(Type, paths);

    /// <summary>Where a property's value is.</summary>
    /// <param name="path">One of <see cref="Paths"/>.</param>
    public int this[string path] => Array.IndexOf(paths, path) is >= 0 and var index ? index : throw new ArgumentException($"{path} of {Type} is not asked for", nameof(path));

    /// <summary>Applies a change.</summary>
    /// <param name="values">One for each of <see cref="Paths"/>; null where it is unset.</param>
    /// <param name="change">The change: of one of them, of a part of one, or of something that one of them is a part of.</param>
    /// <returns>The property that must be read as a whole, because a part of it cannot be placed; null if all went well.</returns>
    public string? Apply(VimValue?[] values, PropertyChange change)
    {
        var value = change.Operation is "remove" or "indirectRemove" ? null : change.Value;
        for (var i = 0; i < paths.Length; i++)
        {
            if (paths[i] == change.Path)
            {
                values[i] = change.Operation == "add" ? Added(values[i], value) : value;
                return null;
            }
            if (IsBeneath(change.Path, paths[i]))
            {
                if (!PartialChange.TryApply(values[i], change.Path.AsSpan(paths[i].Length), value, out var changed))
                    return paths[i];
                values[i] = changed;
                return null;
            }
            if (IsBeneath(paths[i], change.Path))
                values[i] = Within(value, paths[i].AsSpan(change.Path.Length + 1));
        }
        return null;
    }

    /// <summary>An element that was added to a list, without a word about its key.</summary>
    private static VimValue? Added(VimValue? list, VimValue? value) =>
        list is null || value is null || value.Type == list.Type
            ? value
            : new VimValue(list.Type, "", [.. list.Members, new(value.Type ?? "element", value)]);

    private static VimValue? Within(VimValue? value, ReadOnlySpan<char> rest)
    {
        foreach (var part in rest.Split('.'))
            value = value?[rest[part].ToString()];
        return value;
    }

    private static bool IsBeneath(string path, string above) =>
        path.Length > above.Length && path[above.Length] is '.' or '[' && path.StartsWith(above, StringComparison.Ordinal);
}
