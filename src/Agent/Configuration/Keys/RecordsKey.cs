using System.Globalization;
using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Keys;

/// <summary>
/// A key with any number of records. A stronger source overrides single fields of those of a weaker one, and may add records after
/// them.
/// </summary>
/// <typeparam name="T">The record.</typeparam>
internal sealed class RecordsKey<T>(
    string path, string expected, IReadOnlyList<RecordField<T>> fields, Func<T> make,
    Func<ObserveOptions, IReadOnlyList<T>> get, Func<ObserveOptions, IReadOnlyList<T>, ObserveOptions> set, string help)
    : ConfigurationKey(path, KeyShape.Records, expected, ValueForm.Text, help)
    where T : class
{
    public override IReadOnlyList<string> Fields { get; } = [.. fields.Select(each => each.Name)];

    public override IReadOnlyList<FieldForm> FieldForms { get; } = [.. fields.Select(each => new FieldForm(each.Name, each.Expected, each.Form))];

    public override ObserveOptions Apply(ObserveOptions options, Setting setting, ICollection<ConfigurationError> errors)
    {
        List<T> records = [.. get(options)];
        foreach (var item in setting.Items)
        {
            if (!RecordPath.TryParse(item.Name ?? "", ".", this, out var index, out var name))
                errors.Add(new ConfigurationError(item.Origin, Path, $"is set field by field here, as {Path}.0.{Fields[0]}"));
            else if (index > records.Count)
                errors.Add(new ConfigurationError(item.Origin, At(index, name), $"there are only {records.Count} before it"));
            else
                Apply(records, index, fields.First(each => each.Name == name), item, errors);
        }
        return set(options, records);
    }

    public override IReadOnlyList<KeyValuePair<string, string>> Format(ObserveOptions options) =>
    [
        .. get(options).SelectMany((record, index) => fields
            .Select(field => KeyValuePair.Create(RecordPath.Of(index, field.Name), field.Format(record)))
            .Where(each => each.Value is not null)
            .Select(each => KeyValuePair.Create(each.Key, each.Value!))),
    ];

    public override bool Hides(string? name, string text) =>
        name is not null && RecordPath.TryParse(name, ".", this, out _, out var found) && fields.First(each => each.Name == found).Hides(text);

    private void Apply(List<T> records, int index, RecordField<T> field, SettingItem item, ICollection<ConfigurationError> errors)
    {
        if (index == records.Count)
            records.Add(make());
        if (field.Parse(records[index], item.Text) is { } changed)
            records[index] = changed;
        else
            errors.Add(new ConfigurationError(item.Origin, At(index, field.Name), $"{(field.Hides(item.Text) ? "the value" : $"'{item.Text}'")} is not {field.Expected}"));
    }

    private string At(int index, string field) => string.Create(CultureInfo.InvariantCulture, $"{Path}[{index}].{field}");
}
