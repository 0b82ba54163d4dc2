using System.Text.RegularExpressions;
using Observe.Agent.Configuration.Keys;

namespace Observe.Agent.Configuration.Sources;

/// <summary>
/// The environment: <c>OBSERVE_</c> and the key in upper case, its parts joined by two underscores. An unknown variable with
/// that prefix is an error like an unknown key in the file, or a typing mistake would silently do nothing.
/// </summary>
internal sealed partial class EnvironmentSource(KeyTree tree, IReadOnlyList<ConfigurationKey> schema, ICollection<ConfigurationError> errors)
{
    /// <summary>The file, where <c>--config</c> does not name one. Read by the commands, not a key.</summary>
    public const string FileVariable = "OBSERVE_CONFIG";

    private const string Prefix = "OBSERVE_";

    public IReadOnlyList<Setting> Read(IReadOnlyDictionary<string, string> variables)
    {
        var settings = new List<Setting>();
        var records = new List<(ConfigurationKey Key, int Index, SettingItem Item)>();
        foreach (var (variable, value) in variables.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            if (!variable.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || variable == FileVariable || ServiceLink().IsMatch(variable))
                continue;
            var origin = SettingOrigin.Environment(variable);
            var key = schema.FirstOrDefault(each => each.EnvironmentVariable.Equals(variable, StringComparison.OrdinalIgnoreCase));
            // Set but empty is how one unsets a variable for one program.
            if (key is not null && value.Length == 0)
                continue;
            if (key is not null)
                settings.Add(new Setting(key.Path, origin, Items(key, value, origin)));
            else if (FindField(variable) is not var (owner, index, field))
                errors.Add(new ConfigurationError(origin, "", Unknown(variable)));
            else if (value.Length > 0)
                records.Add((owner, index, new SettingItem(RecordPath.Of(index, field), value, origin)));
        }
        // Together, and the tenth after the second: a record follows the one before it.
        foreach (var each in records.GroupBy(each => each.Key))
        {
            SettingItem[] items = [.. each.OrderBy(field => field.Index).Select(field => field.Item)];
            settings.Add(new Setting(each.Key.Path, items[0].Origin, items));
        }
        return settings;
    }

    private (ConfigurationKey Key, int Index, string Field)? FindField(string variable)
    {
        const string Separator = "__";
        foreach (var key in schema.Where(each => each.Shape == KeyShape.Records))
        {
            var prefix = key.EnvironmentVariable + Separator;
            if (variable.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && RecordPath.TryParse(variable[prefix.Length..], Separator, key, out var index, out var field))
                return (key, index, field);
        }
        return null;
    }

    private string Unknown(string variable)
    {
        var message = tree.Unknown(variable[Prefix.Length..].Replace("__", ".", StringComparison.Ordinal).ToLowerInvariant());
        var nearest = NearestField(variable) ?? Spelling.Nearest(variable, schema.Select(each => each.EnvironmentVariable));
        return nearest is null ? message : $"unknown variable; did you mean {nearest}?";
    }

    private string? NearestField(string variable)
    {
        foreach (var key in schema.Where(each => each.Shape == KeyShape.Records && variable.StartsWith($"{each.EnvironmentVariable}__", StringComparison.OrdinalIgnoreCase)))
        {
            var index = variable[(key.EnvironmentVariable.Length + 2)..].Split("__", 2)[0];
            return Spelling.Nearest(variable, key.Fields.Select(each => $"{key.EnvironmentVariable}__{index}__{each.ToUpperInvariant()}"));
        }
        return null;
    }

    /// <summary>Splits a value as the command line and the environment write lists and maps.</summary>
    public static IReadOnlyList<SettingItem> Items(ConfigurationKey key, string value, SettingOrigin origin)
    {
        if (key.Shape is KeyShape.Scalar or KeyShape.Records)
            return [new SettingItem(null, value, origin)];
        var parts = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return [.. parts.Select(each => key.Shape == KeyShape.List ? new SettingItem(null, each, origin) : Entry(each, origin))];
    }

    private static SettingItem Entry(string text, SettingOrigin origin)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? new SettingItem(text[..equals].TrimEnd(), text[(equals + 1)..].TrimStart(), origin) : new SettingItem(null, text, origin);
    }

    // Kubernetes sets these in every pod of a namespace with a Service called observe or observe-something. Taking them for
    // mistyped keys would stop the agent there.
    [GeneratedRegex("^OBSERVE(_[A-Z0-9]+)*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$")]
    private static partial Regex ServiceLink();
}
