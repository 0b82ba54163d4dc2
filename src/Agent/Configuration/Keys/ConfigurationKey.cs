using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Keys;

/// <summary>A key of the configuration: a row of <see cref="ConfigurationSchema"/>.</summary>
/// <param name="path">The key, dotted.</param>
/// <param name="shape">How many values it takes.</param>
/// <param name="expected">What a value may be, for people.</param>
/// <param name="form">What it looks like, for a schema.</param>
/// <param name="help">What the key does, one sentence.</param>
public abstract class ConfigurationKey(string path, KeyShape shape, string expected, ValueForm form, string help)
{
    /// <summary>The key, dotted: <c>collectors.sched.enabled</c>.</summary>
    public string Path { get; } = path;

    /// <summary>How many values it takes.</summary>
    public KeyShape Shape { get; } = shape;

    /// <summary>What a value may be.</summary>
    public string Expected { get; } = expected;

    /// <summary>What a value looks like; of a list and of a map each of the values.</summary>
    public ValueForm Form { get; } = form;

    /// <summary>What the key does.</summary>
    public string Help { get; } = help;

    /// <summary>True if its values must not be shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What the names look like, of a key that takes a map.</summary>
    public virtual ValueForm NameForm => ValueForm.Text;

    /// <summary>Names of the fields, of a key that takes records.</summary>
    public virtual IReadOnlyList<string> Fields => [];

    /// <summary>The same fields with what they take.</summary>
    public virtual IReadOnlyList<FieldForm> FieldForms => [];

    /// <summary>Its environment variable; of a key that takes records, that of a field is this with its index and its name.</summary>
    public string EnvironmentVariable { get; } = "OBSERVE_" + path.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>Interprets a setting of this key.</summary>
    /// <param name="options">The options so far.</param>
    /// <param name="setting">The setting.</param>
    /// <param name="errors">Where to say what is wrong.</param>
    /// <returns>The options with the values that were right.</returns>
    public abstract ObserveOptions Apply(ObserveOptions options, Setting setting, ICollection<ConfigurationError> errors);

    /// <summary>The key's values as one would write them; none if unset.</summary>
    /// <param name="options">The options.</param>
    public abstract IReadOnlyList<KeyValuePair<string, string>> Format(ObserveOptions options);

    /// <summary>Whether a value must not be shown.</summary>
    /// <param name="name">The entry's name in a map, or the field's in a record.</param>
    /// <param name="text">The value.</param>
    public virtual bool Hides(string? name, string text) => IsSecret;

    /// <summary>Says that a value is not one of those expected, without showing a secret.</summary>
    /// <param name="item">The value.</param>
    /// <param name="why">More than the expected form, if there is more to say.</param>
    protected ConfigurationError BadValue(SettingItem item, string? why)
    {
        ArgumentNullException.ThrowIfNull(item);
        var shown = IsSecret ? "the value" : $"'{item.Text}'";
        return new ConfigurationError(item.Origin, Path, $"{shown} is not {Expected}{(why is null ? "" : $"; {why}")}");
    }
}
