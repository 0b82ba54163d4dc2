using System.Globalization;

namespace Observe.Collectors.VCenter.Vim;

/// <summary>
/// A value as the server gave it, of any type: text, or members by name. Members keep their order; a list is several of the
/// same name. What it means is for who asked; what cannot be read as it was asked for is null. Immutable.
/// </summary>
/// <param name="type">The server's name of its type, without a prefix: <c>VirtualMachineRuntimeInfo</c>; null where it did not say.</param>
/// <param name="text">Its text; empty where it has members.</param>
/// <param name="members">Its members.</param>
internal sealed class VimValue(string? type, string text, IReadOnlyList<KeyValuePair<string, VimValue>> members)
{
    /// <summary>The server's name of its type; null where it did not say.</summary>
    public string? Type { get; } = type;

    /// <summary>Its text; empty where it has members.</summary>
    public string Text { get; } = text;

    /// <summary>Its members, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, VimValue>> Members { get; } = members;

    /// <summary>The first member of a name; null if there is none.</summary>
    /// <param name="name">The name.</param>
    public VimValue? this[string name]
    {
        get
        {
            foreach (var (each, value) in Members)
            {
                if (each == name)
                    return value;
            }
            return null;
        }
    }

    /// <summary>All members of a name: the elements of a list.</summary>
    /// <param name="name">The name.</param>
    public IEnumerable<VimValue> All(string name) => Members.Where(each => each.Key == name).Select(each => each.Value);

    /// <summary>The elements of an array that is a value of its own (<c>ArrayOfManagedObjectReference</c>): whatever their name.</summary>
    public IEnumerable<VimValue> Elements => Members.Select(each => each.Value);

    /// <summary>As a whole number.</summary>
    public long? AsInt64 => long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>As <c>xsd:boolean</c>.</summary>
    public bool? AsBoolean => Text switch { "true" or "1" => true, "false" or "0" => false, _ => null };

    /// <summary>As a moment of the server's clock (<c>xsd:dateTime</c>; without a zone it is UTC).</summary>
    public DateTimeOffset? AsTime => VimTime.TryParse(Text, out var time) ? time : null;

    /// <summary>As a reference: the text is its id, and the type was said with it.</summary>
    public ManagedObject? AsManagedObject => Type is { Length: > 0 } kind && Text.Length > 0 && Members.Count == 0 ? new ManagedObject(kind, Text) : null;
}
