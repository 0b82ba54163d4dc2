using System.Globalization;
using System.Text;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>A small reader of both text formats that shares nothing with the writers.</summary>
internal static class TextParser
{
    public sealed record Sample(string Name, Dictionary<string, string> Labels, double Value, SampleExemplar? Exemplar = null);

    public sealed record SampleExemplar(Dictionary<string, string> Labels, double Value, decimal Seconds);

    public sealed record Document(List<Sample> Samples, Dictionary<string, string> Types, Dictionary<string, string> Helps, Dictionary<string, string> Units);

    public static Document Parse(string text)
    {
        var document = new Document([], [], [], []);
        text.ShouldEndWith("\n");
        foreach (var line in text.Split('\n')[..^1])
        {
            if (line == "# EOF")
                continue;
            if (line[0] != '#')
            {
                document.Samples.Add(ParseSample(line));
                continue;
            }
            var words = line.Split(' ', 4);
            var into = words[1] switch
            {
                "TYPE" => document.Types,
                "HELP" => document.Helps,
                "UNIT" => document.Units,
                _ => throw new FormatException(line),
            };
            into.Add(words[2], words[3]);
        }
        return document;
    }

    public static Sample ParseSample(string line)
    {
        var i = line.IndexOfAny(['{', ' ']);
        var name = line[..i];
        var labels = new Dictionary<string, string>();
        if (line[i] == '{')
        {
            i++;
            while (line[i] != '}')
            {
                var equals = line.IndexOf('=', i);
                var label = line[i..equals];
                line[equals + 1].ShouldBe('"', line);
                (var value, i) = ParseQuoted(line, equals + 2);
                labels.Add(label, value);
                if (line[i] == ',')
                    i++;
            }
            i++;
        }
        line[i].ShouldBe(' ', line);
        var rest = line[(i + 1)..];
        return rest.IndexOf(" # ", StringComparison.Ordinal) is > 0 and var mark
            ? new Sample(name, labels, ParseNumber(rest[..mark]), ParseExemplar(rest[(mark + 3)..]))
            : new Sample(name, labels, ParseNumber(rest));
    }

    /// <summary>Labels and value look like those of a sample without a name; a time follows.</summary>
    private static SampleExemplar ParseExemplar(string text)
    {
        var time = text.LastIndexOf(' ');
        var sample = ParseSample(text[..time]);
        sample.Name.ShouldBeEmpty();
        return new SampleExemplar(sample.Labels, sample.Value, decimal.Parse(text[(time + 1)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture));
    }

    private static (string Value, int Next) ParseQuoted(string line, int i)
    {
        var value = new StringBuilder();
        for (; line[i] != '"'; i++)
        {
            if (line[i] != '\\')
                value.Append(line[i]);
            else
                value.Append(line[++i] switch { 'n' => '\n', '\\' => '\\', '"' => '"', var c => throw new FormatException($"\\{c} in {line}") });
        }
        return (value.ToString(), i + 1);
    }

    private static double ParseNumber(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
