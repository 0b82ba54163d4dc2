using Observe.Agent.Configuration.Keys;

namespace Observe.Agent.Configuration.Sources;

/// <summary>Finds keys by path, and what an unknown one was probably meant to be.</summary>
internal sealed class KeyTree
{
    private readonly Dictionary<string, ConfigurationKey> keys;
    private readonly Dictionary<string, HashSet<string>> children = new(StringComparer.Ordinal);

    public KeyTree(IReadOnlyList<ConfigurationKey> schema)
    {
        keys = schema.ToDictionary(each => each.Path, StringComparer.Ordinal);
        foreach (var key in schema)
        {
            var parts = key.Path.Split('.');
            for (var i = 0; i < parts.Length; i++)
            {
                var section = string.Join('.', parts[..i]);
                if (!children.TryGetValue(section, out var names))
                    children.Add(section, names = new HashSet<string>(StringComparer.Ordinal));
                names.Add(parts[i]);
            }
        }
    }

    public bool TryGetKey(string path, out ConfigurationKey key) => keys.TryGetValue(path, out key!);

    /// <summary>Finds a field of a record: <c>key.0.field</c>.</summary>
    public bool TryGetField(string path, out ConfigurationKey key, out string field)
    {
        foreach (var each in keys.Values.Where(each => each.Shape == KeyShape.Records && path.StartsWith(each.Path + ".", StringComparison.Ordinal)))
        {
            if (!RecordPath.TryParse(path[(each.Path.Length + 1)..], ".", each, out var index, out var name))
                continue;
            (key, field) = (each, RecordPath.Of(index, name));
            return true;
        }
        (key, field) = (null!, "");
        return false;
    }

    public bool IsSection(string path) => children.ContainsKey(path);

    /// <summary>What to say about a path that is neither a key nor a section.</summary>
    public string Unknown(string path)
    {
        var dot = path.LastIndexOf('.');
        var section = dot < 0 ? "" : path[..dot];
        var name = path[(dot + 1)..];
        var siblings = children.TryGetValue(section, out var names) ? names : [];
        // A sibling first; else the right name in the wrong place, or a near miss of a whole path.
        var nearest = Spelling.Nearest(name, siblings) is { } sibling
            ? Join(section, sibling)
            : keys.Keys.FirstOrDefault(each => each.EndsWith("." + name, StringComparison.OrdinalIgnoreCase)) ?? Spelling.Nearest(path, keys.Keys);
        if (nearest is not null)
            return $"unknown key; did you mean {nearest}?";
        return siblings.Count == 0 ? "unknown key" : $"unknown key; known here: {string.Join(", ", siblings)}";
    }

    public static string Join(string section, string name) => section.Length == 0 ? name : $"{section}.{name}";
}
