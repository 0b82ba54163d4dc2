using System.Globalization;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>Makes values as a server would have them, with the names of all their types.</summary>
internal static class Values
{
    private static readonly IReadOnlyList<KeyValuePair<string, VimValue>> None = [];

    public static VimValue Text(string text, string type = "string") => new(type, text, None);

    public static VimValue Int(long number, string type = "int") => new(type, number.ToString(CultureInfo.InvariantCulture), None);

    public static VimValue Long(long number) => Int(number, "long");

    public static VimValue Bool(bool yes) => new("boolean", yes ? "true" : "false", None);

    public static VimValue Time(DateTimeOffset time) => new("dateTime", VimTime.Format(time), None);

    public static VimValue Ref(ManagedObject to) => new(to.Type, to.Id, None);

    /// <summary>A data object. A member without a value is left out.</summary>
    public static VimValue Of(string type, params ReadOnlySpan<(string Name, VimValue? Value)> members)
    {
        var list = new List<KeyValuePair<string, VimValue>>(members.Length);
        foreach (var (name, value) in members)
        {
            if (value is not null)
                list.Add(new(name, value));
        }
        return new VimValue(type, "", list);
    }

    /// <summary>An array as a value of its own: <c>ArrayOfAlarmState</c> of <c>AlarmState</c>.</summary>
    public static VimValue Array(string element, IEnumerable<VimValue> elements) =>
        new($"ArrayOf{element}", "", [.. elements.Select(each => new KeyValuePair<string, VimValue>(element, each))]);

    public static VimValue Refs(IEnumerable<ManagedObject> to) => Array("ManagedObjectReference", to.Select(Ref));

    public static bool IsArray(VimValue? value) => value?.Type?.StartsWith("ArrayOf", StringComparison.Ordinal) == true;

    /// <summary>The same data object with another member; without it, if the value is null.</summary>
    public static VimValue With(VimValue of, string name, VimValue? value)
    {
        var list = new List<KeyValuePair<string, VimValue>>(of.Members.Count + 1);
        var isThere = false;
        foreach (var each in of.Members)
        {
            if (each.Key != name)
                list.Add(each);
            else if (value is not null && !isThere)
                list.Add(new(name, value));
            isThere |= each.Key == name;
        }
        if (!isThere && value is not null)
            list.Add(new(name, value));
        return new VimValue(of.Type, "", list);
    }

    /// <summary>Whether both are the same, types and all.</summary>
    public static bool Same(VimValue? one, VimValue? other)
    {
        if (ReferenceEquals(one, other))
            return true;
        if (one is null || other is null || one.Type != other.Type || one.Text != other.Text || one.Members.Count != other.Members.Count)
            return false;
        for (var i = 0; i < one.Members.Count; i++)
        {
            if (one.Members[i].Key != other.Members[i].Key || !Same(one.Members[i].Value, other.Members[i].Value))
                return false;
        }
        return true;
    }
}
