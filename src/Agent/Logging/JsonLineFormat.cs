using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Observe.Agent.Logging;

/// <summary>One JSON object.</summary>
internal sealed class JsonLineFormat : ILineFormat
{
    // Relaxed: nothing here ends up in HTML, and people read it.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Format(in LogLine line, StringBuilder text)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", line.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", line.LevelWord);
            json.WriteString("msg", line.Message);
            if (line.Event.Name is { } name)
                json.WriteString("event", name);
            foreach (var (key, value) in line.NamedValues)
                Write(json, CamelCase(key), value);
            if (line.Repeated > 0)
                json.WriteNumber("repeated", line.Repeated);
            json.WriteString("source", line.Category);
            if (line.Error is { } error)
                json.WriteString("error", error.ToString());
            json.WriteEndObject();
        }
        text.Append(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    public static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static void Write(Utf8JsonWriter json, string key, object? value)
    {
        switch (value)
        {
            case bool truth: json.WriteBoolean(key, truth); break;
            case int number: json.WriteNumber(key, number); break;
            case long number: json.WriteNumber(key, number); break;
            case double number when double.IsFinite(number): json.WriteNumber(key, number); break;
            default: json.WriteString(key, Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }
}
