using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Keys;

/// <summary>A key with any number of values, at least one.</summary>
/// <typeparam name="T">Type of the values.</typeparam>
internal sealed class ListKey<T>(
    string path, ValueKind<T> kind, Func<ObserveOptions, IReadOnlyList<T>> get, Func<ObserveOptions, IReadOnlyList<T>, ObserveOptions> set, string help)
    : ConfigurationKey(path, KeyShape.List, kind.Expected, kind.Form, help)
{
    public override ObserveOptions Apply(ObserveOptions options, Setting setting, ICollection<ConfigurationError> errors)
    {
        var values = new List<T>();
        foreach (var item in setting.Items)
        {
            var parsed = kind.Parse(item.Text);
            if (parsed.Succeeded)
                values.Add(parsed.Value);
            else
                errors.Add(BadValue(item, parsed.Why));
        }
        if (setting.Items.Count == 0)
            errors.Add(new ConfigurationError(setting.Origin, Path, $"is empty; it needs {kind.Expected}"));
        return values.Count == 0 ? options : set(options, values);
    }

    public override IReadOnlyList<KeyValuePair<string, string>> Format(ObserveOptions options) =>
        [.. get(options).Select(each => new KeyValuePair<string, string>("", kind.Format(each)))];
}
