using System.Text;
using Observe.Agent.Configuration.Keys;

namespace Observe.Agent.Configuration;

/// <summary>Prints the configuration in effect as a file that would set it, each value with where it was set.</summary>
public static class EffectiveConfiguration
{
    private const string Redacted = "[redacted]";

    /// <summary>Column at which the origins begin, unless a value is longer.</summary>
    private const int OriginColumn = 44;

    /// <summary>Writes all keys that have a value; secrets are not shown.</summary>
    /// <param name="configuration">What was loaded.</param>
    public static string Format(ConfigurationResult configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var text = new StringBuilder();
        string[] open = [];
        foreach (var key in ConfigurationSchema.Keys)
        {
            var values = key.Format(configuration.Options);
            if (values.Count == 0)
                continue;
            var parts = key.Path.Split('.');
            var shared = open.Zip(parts[..^1]).TakeWhile(each => each.First == each.Second).Count();
            for (var depth = shared; depth < parts.Length - 1; depth++)
                text.Append(' ', 2 * depth).Append(parts[depth]).Append(":\n");
            open = parts[..^1];

            var line = new string(' ', 2 * open.Length) + parts[^1] + ": " + Value(key, values);
            var origin = configuration.Origins.GetValueOrDefault(key.Path, SettingOrigin.Default);
            text.Append(line.PadRight(OriginColumn)).Append("  # ").Append(origin).Append('\n');
        }
        return text.ToString();
    }

    private static string Value(ConfigurationKey key, IReadOnlyList<KeyValuePair<string, string>> values) => key.Shape switch
    {
        KeyShape.Scalar => Shown(key, values[0]),
        KeyShape.List => $"[{string.Join(", ", values.Select(each => Shown(key, each)))}]",
        KeyShape.Records => $"[{string.Join(", ", values.GroupBy(each => each.Key.Split('.')[0]).Select(each => Entries(key, each, RecordField)))}]",
        _ => Entries(key, values, name => name),
    };

    private static string Entries(ConfigurationKey key, IEnumerable<KeyValuePair<string, string>> values, Func<string, string> name) =>
        $"{{ {string.Join(", ", values.Select(each => $"{YamlText.Quote(name(each.Key))}: {Shown(key, each)}"))} }}";

    private static string RecordField(string path) => path[(path.IndexOf('.', StringComparison.Ordinal) + 1)..];

    private static string Shown(ConfigurationKey key, KeyValuePair<string, string> value) => YamlText.Quote(key.Hides(value.Key, value.Value) ? Redacted : value.Value);
}
