using System.Globalization;

namespace Observe.Agent.Configuration.Keys;

/// <summary>Names a field of one of a key's records: <c>0.url</c>.</summary>
internal static class RecordPath
{
    /// <summary>Writes one.</summary>
    /// <param name="index">The how many-th record, from 0.</param>
    /// <param name="field">The field.</param>
    public static string Of(int index, string field) => string.Create(CultureInfo.InvariantCulture, $"{index}.{field}");

    /// <summary>Reads one, whatever the case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separator">What stands between the two.</param>
    /// <param name="key">Whose records.</param>
    /// <param name="index">The how many-th record, from 0.</param>
    /// <param name="field">The field as the key spells it.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string text, string separator, ConfigurationKey key, out int index, out string field)
    {
        var end = text.IndexOf(separator, StringComparison.Ordinal);
        index = -1;
        var name = end < 0 ? "" : text[(end + separator.Length)..];
        field = key.Fields.FirstOrDefault(each => each.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? "";
        return field.Length > 0 && int.TryParse(text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }
}
