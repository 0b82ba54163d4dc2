using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Observe.Agent.Configuration.Keys;
using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Files;

/// <summary>
/// A JSON Schema (draft 2020-12) of the configuration file, for editors and for checks that have no agent at hand. It says of each
/// value alone what form it has. What takes more to see (a duration's range, a key that another one needs and the environment may
/// set, a key that stands twice), the agent finds when it reads the file.
/// </summary>
public static class SchemaFile
{
    // Readable: no escapes for what is harmless outside of HTML.
    private static readonly JsonWriterOptions Form = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>Writes it.</summary>
    public static string Write()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Form))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", "Configuration of Observe");
            json.WriteString("description", "The file that observe run --config names: every key is optional, and one without a value is at its default.");
            WriteSection(json, [.. ConfigurationSchema.Keys.Select(each => (each.Path.Split('.'), each))], 0, new ObserveOptions());
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    /// <summary>The rest of an object that has the keys, whose paths are the same up to a depth.</summary>
    private static void WriteSection(Utf8JsonWriter json, IReadOnlyList<(string[] Path, ConfigurationKey Key)> keys, int depth, ObserveOptions defaults)
    {
        WriteTypes(json, "object", "null");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        foreach (var part in keys.GroupBy(each => each.Path[depth]))
        {
            json.WriteStartObject(part.Key);
            var beneath = part.ToList();
            if (beneath is [var (path, key)] && path.Length == depth + 1)
                WriteKey(json, key, key.Format(defaults));
            else
                WriteSection(json, beneath, depth + 1, defaults);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteKey(Utf8JsonWriter json, ConfigurationKey key, IReadOnlyList<KeyValuePair<string, string>> values)
    {
        json.WriteString("description", $"{key.Help}. Value: {key.Expected}.");
        if (key.IsSecret)
            json.WriteBoolean("writeOnly", true);
        switch (key.Shape)
        {
            case KeyShape.Scalar:
                WriteForm(json, key.Form, orNull: true);
                break;
            case KeyShape.List:
                WriteList(json, key.Form);
                break;
            case KeyShape.Map:
                WriteTypes(json, "object", "null");
                Named(json, "propertyNames", () => WriteForm(json, key.NameForm));
                Named(json, "additionalProperties", () => WriteForm(json, key.Form));
                break;
            default:
                WriteTypes(json, "array", "null");
                Named(json, "items", () => WriteRecord(json, key.FieldForms));
                break;
        }
        WriteDefault(json, key, values);
    }

    private static void WriteList(Utf8JsonWriter json, ValueForm form)
    {
        json.WriteStartArray("anyOf");
        json.WriteStartObject();
        WriteForm(json, form, orNull: true);
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("type", "array");
        json.WriteNumber("minItems", 1);
        Named(json, "items", () => WriteForm(json, form));
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteRecord(Utf8JsonWriter json, IReadOnlyList<FieldForm> fields)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteNumber("minProperties", 1);
        json.WriteStartObject("properties");
        foreach (var field in fields)
        {
            Named(json, field.Name, () =>
            {
                json.WriteString("description", char.ToUpperInvariant(field.Expected[0]) + field.Expected[1..] + ".");
                WriteForm(json, field.Form, orNull: true);
            });
        }
        json.WriteEndObject();
    }

    private static void WriteForm(Utf8JsonWriter json, ValueForm form, bool orNull = false)
    {
        if (form.Words is { } words)
        {
            json.WriteStartArray("enum");
            foreach (var word in words)
                WriteWord(json, word);
            if (orNull)
                json.WriteNullValue();
            json.WriteEndArray();
            return;
        }
        var type = form.Range is null ? "string" : "integer";
        WriteTypes(json, orNull ? [type, "null"] : [type]);
        if (form.Range is var (least, most))
        {
            json.WriteNumber("minimum", least);
            json.WriteNumber("maximum", most);
        }
        if (form.Pattern is not null)
            json.WriteString("pattern", form.Pattern);
    }

    private static void WriteDefault(Utf8JsonWriter json, ConfigurationKey key, IReadOnlyList<KeyValuePair<string, string>> values)
    {
        if (values.Count == 0)
            return;
        json.WritePropertyName("default");
        if (key.Shape != KeyShape.Scalar)
            json.WriteStartArray();
        foreach (var (_, value) in values)
        {
            if (key.Form.Range is null)
                WriteWord(json, value);
            else
                json.WriteNumberValue(int.Parse(value, CultureInfo.InvariantCulture));
        }
        if (key.Shape != KeyShape.Scalar)
            json.WriteEndArray();
    }

    /// <summary>A word as YAML reads it: two of them are no text.</summary>
    private static void WriteWord(Utf8JsonWriter json, string word)
    {
        if (word is "true" or "false")
            json.WriteBooleanValue(word == "true");
        else
            json.WriteStringValue(word);
    }

    private static void WriteTypes(Utf8JsonWriter json, params ReadOnlySpan<string> types)
    {
        if (types.Length == 1)
        {
            json.WriteString("type", types[0]);
            return;
        }
        json.WriteStartArray("type");
        foreach (var type in types)
            json.WriteStringValue(type);
        json.WriteEndArray();
    }

    private static void Named(Utf8JsonWriter json, string name, Action write)
    {
        json.WriteStartObject(name);
        write();
        json.WriteEndObject();
    }
}
