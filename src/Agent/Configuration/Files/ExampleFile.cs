using System.Text;
using Observe.Agent.Configuration.Keys;
using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Files;

/// <summary>
/// A configuration file with every key in it, at its default and commented out: what stands after a <c>#</c> without a blank is
/// for taking that character away; what stands after one with a blank is for reading.
/// </summary>
public static class ExampleFile
{
    /// <summary>Where the package installs the schema, for editors that look at the first line.</summary>
    public const string SchemaPath = "/usr/share/observe/observe.schema.json";

    private const int LineWidth = 100;
    private const int Indent = 2;

    private const string Head = $"""
        # yaml-language-server: $schema={SchemaPath}
        #
        # Configuration of Observe. Every key is optional and shown with its default: to set one, take away the # in front of it.
        # Keys without a value have none by default. What is set here, variables of the environment override
        # (OBSERVE_COLLECTORS__SCHED__ENABLED=false for collectors.sched.enabled), and --set KEY=VALUE overrides both.
        #
        #   observe check --config FILE                   says what is wrong with it, all at once, and what works on this host
        #   observe check --config FILE --print-config    prints what is in effect, and where it was set
        #   systemctl reload observe                      log.level takes effect; the log names what takes a restart

        """;

    /// <summary>Writes it.</summary>
    public static string Write()
    {
        var defaults = new ObserveOptions();
        var text = new StringBuilder(Head);
        string[] open = [];
        foreach (var key in ConfigurationSchema.Keys)
        {
            var parts = key.Path.Split('.');
            var shared = open.Zip(parts[..^1]).TakeWhile(each => each.First == each.Second).Count();
            for (var depth = shared; depth < parts.Length - 1; depth++)
                text.Append('\n').Append(' ', Indent * depth).Append(parts[depth]).Append(":\n");
            // A key that follows its section's name stands right beneath it.
            if (shared == parts.Length - 1)
                text.Append('\n');
            open = parts[..^1];
            Write(text, key, parts[^1], Indent * open.Length, key.Format(defaults));
        }
        return text.ToString();
    }

    private static void Write(StringBuilder text, ConfigurationKey key, string name, int indent, IReadOnlyList<KeyValuePair<string, string>> values)
    {
        Prose(text, indent, $"{key.Help}.");
        var expected = key.Shape == KeyShape.List ? $"{key.Expected}; a list of them in brackets" : key.Expected;
        Prose(text, indent, $"Value: {expected}. Default: {(values.Count == 0 ? "unset" : string.Join(", ", values.Select(each => each.Value)))}.");
        foreach (var field in key.FieldForms)
            Prose(text, indent, $"  {field.Name}: {field.Expected}");
        text.Append(' ', indent).Append('#').Append(name).Append(':');
        if (values.Count > 0)
            text.Append(' ').Append(Value(key, values));
        text.Append('\n');
    }

    private static string Value(ConfigurationKey key, IReadOnlyList<KeyValuePair<string, string>> values) => key.Shape switch
    {
        KeyShape.Scalar => YamlText.Quote(values[0].Value),
        KeyShape.List => $"[{string.Join(", ", values.Select(each => YamlText.Quote(each.Value)))}]",
        _ => throw new InvalidOperationException($"{key.Path} is set by default, which the example has no form for"),
    };

    /// <summary>A comment, broken at blanks; lines after the first stand as far in as the first.</summary>
    private static void Prose(StringBuilder text, int indent, string prose)
    {
        var inner = prose.Length - prose.TrimStart().Length;
        var width = LineWidth - indent - inner - "# ".Length;
        for (var rest = prose.AsSpan(inner); !rest.IsEmpty;)
        {
            var end = rest.Length <= width ? rest.Length : rest[..(width + 1)].LastIndexOf(' ') is > 0 and var blank ? blank : rest.Length;
            text.Append(' ', indent).Append("# ").Append(' ', inner).Append(rest[..end]).Append('\n');
            rest = rest[end..].TrimStart();
        }
    }
}
