using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Keys;

/// <summary>A key with named text values.</summary>
internal sealed class MapKey(
    string path,
    string expected,
    ValueForm names,
    ValueForm values,
    Func<ObserveOptions, IReadOnlyDictionary<string, string>?> get,
    Func<ObserveOptions, IReadOnlyDictionary<string, string>, ObserveOptions> set,
    string help) : ConfigurationKey(path, KeyShape.Map, expected, values, help)
{
    public override ValueForm NameForm => names;

    public override ObserveOptions Apply(ObserveOptions options, Setting setting, ICollection<ConfigurationError> errors)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in setting.Items)
        {
            if (string.IsNullOrEmpty(item.Name))
                errors.Add(BadValue(item, null));
            else if (!values.TryAdd(item.Name, item.Text))
                errors.Add(new ConfigurationError(item.Origin, Path, $"{item.Name} is set twice"));
        }
        return set(options, values);
    }

    public override IReadOnlyList<KeyValuePair<string, string>> Format(ObserveOptions options) =>
        [.. (get(options) ?? new Dictionary<string, string>()).OrderBy(each => each.Key, StringComparer.Ordinal)];
}
