using System.Collections.Concurrent;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>Paths of properties: <c>runtime.host</c>, <c>triggeredAlarmState["alarm-1.vm-2"]</c>.</summary>
internal static class PropertyPath
{
    private static readonly ConcurrentDictionary<string, List<(string Name, string? Key)>> Known = new(StringComparer.Ordinal);

    /// <summary>The names along it; an element's key is in brackets with its list.</summary>
    public static List<(string Name, string? Key)> Split(string path) => path.Contains('[', StringComparison.Ordinal) ? Parse(path) : Known.GetOrAdd(path, Parse);

    private static List<(string Name, string? Key)> Parse(string path)
    {
        var parts = new List<(string, string?)>();
        var start = 0;
        while (start < path.Length)
        {
            var end = start;
            while (end < path.Length && path[end] is not ('.' or '['))
                end++;
            var name = path[start..end];
            string? key = null;
            if (end < path.Length && path[end] == '[')
            {
                var close = path.IndexOf(']', end);
                key = path[(end + 1)..close].Trim('"');
                end = close + 1;
            }
            parts.Add((name, key));
            start = end + 1;
        }
        return parts;
    }

    /// <summary>Without the keys of elements.</summary>
    public static string Plain(string path) => path.Contains('[', StringComparison.Ordinal) ? string.Join('.', Split(path).Select(each => each.Name)) : path;

    /// <summary>Whether one is beneath another.</summary>
    public static bool IsBeneath(string path, string above) =>
        path.Length > above.Length && path[above.Length] is '.' or '[' && path.StartsWith(above, StringComparison.Ordinal);
}
