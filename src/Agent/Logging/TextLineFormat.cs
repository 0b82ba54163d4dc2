using System.Globalization;
using System.Text;

namespace Observe.Agent.Logging;

/// <summary><c>key=value</c> pairs, quoted where needed, as logfmt parsers read them.</summary>
internal sealed class TextLineFormat : ILineFormat
{
    public void Format(in LogLine line, StringBuilder text)
    {
        text.Append("time=").Append(line.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        Append(text, "level", line.LevelWord);
        Append(text, "msg", line.Message);
        if (line.Event.Name is { } name)
            Append(text, "event", name);
        foreach (var (key, value) in line.NamedValues)
            Append(text, JsonLineFormat.CamelCase(key), Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        if (line.Repeated > 0)
            text.Append(CultureInfo.InvariantCulture, $" repeated=\"{line.Repeated} times\"");
        Append(text, "source", line.Category);
        if (line.Error is { } error)
            Append(text, "error", error.ToString());
    }

    private static void Append(StringBuilder text, string key, string value)
    {
        text.Append(' ').Append(key).Append('=');
        if (value.Length > 0 && !value.AsSpan().ContainsAny(" =\"\\") && !value.Any(char.IsControl))
        {
            text.Append(value);
            return;
        }
        text.Append('"');
        foreach (var each in value)
        {
            _ = each switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ when char.IsControl(each) => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)each:x4}"),
                _ => text.Append(each),
            };
        }
        text.Append('"');
    }
}
