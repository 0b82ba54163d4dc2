using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>
/// Puts a change of a part (<c>snapshot.rootSnapshotList["snapshot-1"]</c>) into the value it is a part of. Values do not change: what is on
/// the way to the part is made anew. Elements of lists are named by their key: their member <c>key</c>, what they refer to, or themselves.
/// </summary>
internal static class PartialChange
{
    /// <summary>Applies it.</summary>
    /// <param name="at">The value; null if it is unset.</param>
    /// <param name="rest">The way from it to the part: begins with a dot or a bracket.</param>
    /// <param name="value">What the part is now; null: it is gone.</param>
    /// <param name="result">The value as it is now.</param>
    /// <returns>False if there is no such place.</returns>
    public static bool TryApply(VimValue? at, ReadOnlySpan<char> rest, VimValue? value, out VimValue? result)
    {
        result = value;
        if (rest.IsEmpty)
            return true;
        return rest[0] == '[' ? TryElement(at, null, rest, value, out result) : TryMember(at, rest[1..], value, out result);
    }

    private static bool TryMember(VimValue? at, ReadOnlySpan<char> rest, VimValue? value, out VimValue? result)
    {
        var end = rest.IndexOfAny('.', '[');
        var name = (end < 0 ? rest : rest[..end]).ToString();
        var after = end < 0 ? [] : rest[end..];
        var member = at?[name];
        // A list within a value is several members of its name, or one that is an array.
        var isFlat = !after.IsEmpty && after[0] == '[' && !IsArray(member);
        result = null;
        if (isFlat)
            return TryElement(at, name, after, value, out result);
        if (!TryApply(member, after, value, out var changed))
            return false;
        if (at is null && changed is null)
            return true;
        var members = new List<KeyValuePair<string, VimValue>>(at?.Members ?? []);
        var index = members.FindIndex(each => each.Key == name);
        if (index >= 0)
            members.RemoveAll(each => each.Key == name);
        if (changed is not null)
            members.Insert(index >= 0 ? index : members.Count, new(name, changed));
        result = new VimValue(at?.Type, "", members);
        return true;
    }

    // The list is the members of a name; without one, all are.
    private static bool TryElement(VimValue? at, string? list, ReadOnlySpan<char> rest, VimValue? value, out VimValue? result)
    {
        result = null;
        var close = rest.IndexOf(']');
        if (close < 0)
            return false;
        var key = rest[1..close].Trim('"').ToString();
        var after = rest[(close + 1)..];
        var members = new List<KeyValuePair<string, VimValue>>(at?.Members ?? []);
        var index = members.FindIndex(each => (list is null || each.Key == list) && IsKey(each.Value, key));
        VimValue? changed = null;
        if (after.IsEmpty)
            changed = value;
        else if (index < 0 || !TryApply(members[index].Value, after, value, out changed))
            return false;
        if (index >= 0 && changed is null)
            members.RemoveAt(index);
        else if (index >= 0)
            members[index] = new(members[index].Key, changed!);
        else if (changed is not null)
            members.Add(new(list ?? changed.Type ?? "element", changed));
        result = new VimValue(at?.Type, "", members);
        return true;
    }

    private static bool IsKey(VimValue element, string key) =>
        element.Members.Count == 0 ? element.Text == key : (element["key"] ?? element["snapshot"] ?? element["id"])?.Text == key;

    private static bool IsArray(VimValue? value) => value?.Type?.StartsWith("ArrayOf", StringComparison.Ordinal) ?? false;
}
