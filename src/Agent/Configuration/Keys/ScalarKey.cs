using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Keys;

/// <summary>A key with one value.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
internal sealed class ScalarKey<T>(
    string path, ValueKind<T> kind, Func<ObserveOptions, T> get, Func<ObserveOptions, T, ObserveOptions> set, string help)
    : ConfigurationKey(path, KeyShape.Scalar, kind.Expected, kind.Form, help)
{
    public override ObserveOptions Apply(ObserveOptions options, Setting setting, ICollection<ConfigurationError> errors)
    {
        var parsed = kind.Parse(setting.Items[0].Text);
        if (parsed.Succeeded)
            return set(options, parsed.Value);
        errors.Add(BadValue(setting.Items[0], parsed.Why));
        return options;
    }

    public override IReadOnlyList<KeyValuePair<string, string>> Format(ObserveOptions options) =>
        get(options) is { } value ? [new("", kind.Format(value))] : [];
}
