using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>What of a value's types is said on the wire: its own, those of references, and those of members that may be of several types.</summary>
internal static class Wire
{
    // Members whose declared type is a base, or anything.
    private static readonly HashSet<string> Open = new(StringComparer.Ordinal) { "fault", "value", "val", "backing", "result", "reason" };

    /// <summary>A value as a client reads it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isSaid">Whether its own type is said: not, where only one is possible.</param>
    public static VimValue Show(VimValue value, bool isSaid = true) => new(isSaid || FakeTypes.IsManaged(value.Type) ? value.Type : null, value.Text, Members(value));

    private static List<KeyValuePair<string, VimValue>> Members(VimValue of)
    {
        var isArray = Values.IsArray(of);
        // A list within a data object is no value of its own: its elements are members, all of its name.
        return of.Members.SelectMany(each => Values.IsArray(each.Value) && !isArray ? each.Value.Elements.Select(element => KeyValuePair.Create(each.Key, element)) : [each])
            .Select(each => KeyValuePair.Create(each.Key, new VimValue(IsSaid(each.Key, each.Value, isArray) ? each.Value.Type : null, each.Value.Text, Members(each.Value)))).ToList();
    }

    private static bool IsSaid(string name, VimValue value, bool isElement) =>
        FakeTypes.IsManaged(value.Type) || Open.Contains(name) || (isElement && value.Type != name);
}
