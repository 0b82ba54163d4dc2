using System.Globalization;
using Observe.Agent.Configuration.Keys;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Observe.Agent.Configuration.Sources;

/// <summary>
/// The configuration file. Walks the parser's events, not a deserialized object: every value keeps its line, nothing is
/// bound by reflection, and a mistake costs its own subtree only, so that all mistakes are found in one go.
/// </summary>
internal sealed class YamlSource(string name, KeyTree tree, ICollection<ConfigurationError> errors)
{
    private readonly List<Setting> settings = [];

    /// <summary>Reads all settings of a document; what is wrong goes to the errors.</summary>
    public IReadOnlyList<Setting> Read(TextReader text)
    {
        var parser = new Parser(text);
        try
        {
            parser.Consume<StreamStart>();
            if (parser.TryConsume<DocumentStart>(out _))
            {
                ReadSection(parser, "");
                parser.Consume<DocumentEnd>();
                if (parser.Accept<DocumentStart>(out var second))
                    Error(second.Start, "", "a second document; one file holds one configuration");
            }
        }
        catch (YamlException error)
        {
            var message = (error.InnerException ?? error).Message;
            Error(error.Start, "", $"not YAML from here on: {message}");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet's scanner trips over some broken flow sequences ("[a:1" and a line end) instead of naming them.
            Error(parser.Current?.End ?? Mark.Empty, "", "not YAML from here on; look for a bracket, brace or quote that is not closed");
        }
        return settings;
    }

    private void ReadSection(IParser parser, string path)
    {
        if (IsNothing(parser))
            return;
        if (!parser.TryConsume<MappingStart>(out _))
        {
            Error(parser.Current!.Start, path, path.Length == 0 ? "the file must be a mapping of keys to values" : "is a section: it needs keys below it, not a value");
            parser.SkipThisAndNestedEvents();
            return;
        }
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var name))
            {
                Error(parser.Current!.Start, path, "a key must be a plain word");
                parser.SkipThisAndNestedEvents();
                parser.SkipThisAndNestedEvents();
                continue;
            }
            var child = KeyTree.Join(path, name.Value);
            if (!seen.TryAdd(name.Value, name.Start.Line))
            {
                Error(name.Start, child, $"is set twice, first in line {seen[name.Value]}");
                parser.SkipThisAndNestedEvents();
            }
            else if (tree.TryGetKey(child, out var key))
            {
                ReadValue(parser, key, name.Start);
            }
            else if (tree.IsSection(child))
            {
                ReadSection(parser, child);
            }
            else
            {
                Error(name.Start, child, tree.Unknown(child));
                parser.SkipThisAndNestedEvents();
            }
        }
    }

    private void ReadValue(IParser parser, ConfigurationKey key, Mark at)
    {
        if (IsNothing(parser))
            return;
        var items = new List<SettingItem>();
        var whole = key.Shape switch
        {
            KeyShape.Map => ReadMap(parser, key, items),
            KeyShape.Records => ReadRecords(parser, key, items),
            KeyShape.List when parser.TryConsume<SequenceStart>(out _) => ReadList(parser, key, items),
            _ => ReadScalar(parser, key, null, items),
        };
        // A list with one bad entry is not the list that was meant: leave it out, the error stands.
        if (whole)
            settings.Add(new Setting(key.Path, OriginAt(items.Count > 0 ? null : at, items), items));
    }

    private SettingOrigin OriginAt(Mark? mark, List<SettingItem> items) => mark is { } at ? Origin(at) : items[0].Origin;

    private bool ReadList(IParser parser, ConfigurationKey key, List<SettingItem> items)
    {
        var whole = true;
        while (!parser.TryConsume<SequenceEnd>(out _))
            whole &= ReadScalar(parser, key, null, items);
        return whole;
    }

    private bool ReadMap(IParser parser, ConfigurationKey key, List<SettingItem> items)
    {
        if (!parser.TryConsume<MappingStart>(out _))
            return WrongShape(parser, key);
        var whole = true;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (parser.TryConsume<Scalar>(out var name))
            {
                whole &= ReadScalar(parser, key, name.Value, items);
                continue;
            }
            whole = WrongShape(parser, key);
            parser.SkipThisAndNestedEvents();
        }
        return whole;
    }

    private bool ReadRecords(IParser parser, ConfigurationKey key, List<SettingItem> items)
    {
        if (!parser.TryConsume<SequenceStart>(out _))
            return WrongShape(parser, key);
        for (var index = 0; !parser.TryConsume<SequenceEnd>(out _); index++)
        {
            if (parser.TryConsume<MappingStart>(out var start))
                ReadRecord(parser, key, index, start.Start, items);
            else
                WrongShape(parser, key);
        }
        // What is wrong with one has been said; what is right of the others is looked at too.
        return items.Count > 0;
    }

    private void ReadRecord(IParser parser, ConfigurationKey key, int index, Mark at, List<SettingItem> items)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{key.Path}[{index}]");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var name))
            {
                Error(parser.Current!.Start, path, "a key must be a plain word");
                parser.SkipThisAndNestedEvents();
                parser.SkipThisAndNestedEvents();
            }
            else if (!key.Fields.Contains(name.Value))
            {
                Error(name.Start, $"{path}.{name.Value}", Spelling.Nearest(name.Value, key.Fields) is { } nearest ? $"unknown key; did you mean {nearest}?" : $"unknown key; known here: {string.Join(", ", key.Fields)}");
                parser.SkipThisAndNestedEvents();
            }
            else if (!seen.Add(name.Value))
            {
                Error(name.Start, $"{path}.{name.Value}", "is set twice");
                parser.SkipThisAndNestedEvents();
            }
            else if (IsNothing(parser))
            {
                continue;
            }
            else if (parser.TryConsume<Scalar>(out var value))
            {
                items.Add(new SettingItem(RecordPath.Of(index, name.Value), value.Value, Origin(value.Start)));
            }
            else
            {
                Error(parser.Current!.Start, $"{path}.{name.Value}", "must be a single value");
                parser.SkipThisAndNestedEvents();
            }
        }
        if (seen.Count == 0)
            Error(at, path, $"is empty; it needs {string.Join(", ", key.Fields)}");
    }

    private bool ReadScalar(IParser parser, ConfigurationKey key, string? name, List<SettingItem> items)
    {
        if (!parser.TryConsume<Scalar>(out var value))
            return WrongShape(parser, key);
        items.Add(new SettingItem(name, value.Value, Origin(value.Start)));
        return true;
    }

    private bool WrongShape(IParser parser, ConfigurationKey key)
    {
        Error(parser.Current!.Start, key.Path, $"must be {key.Expected}, not a {parser.Current switch
        {
            SequenceStart => "list",
            MappingStart => "section",
            AnchorAlias => "reference to an anchor, which is not supported",
            _ => "single value",
        }}");
        parser.SkipThisAndNestedEvents();
        return false;
    }

    // A key without a value, or with null, is a key left at its default.
    private static bool IsNothing(IParser parser)
    {
        if (!parser.Accept<Scalar>(out var scalar) || !scalar.IsPlainImplicit || scalar.Value is not ("" or "~" or "null"))
            return false;
        parser.MoveNext();
        return true;
    }

    private void Error(Mark at, string path, string message) => errors.Add(new ConfigurationError(Origin(at), path, message));

    private SettingOrigin Origin(Mark at) => SettingOrigin.File(name, at.Line);
}
