using System.Text;
using Observe.Collectors.Identity;

namespace Observe.Collectors.VCenter.Events;

/// <summary>Names that people choose, as names of files: never a path, never the same for two.</summary>
internal static class SafeName
{
    /// <summary>Longest that is taken as it is; with what is added to it, far below the 255 bytes of a file's name.</summary>
    private const int Longest = 100;

    /// <summary>Makes one: what is not a letter, digit, dash or a dot within becomes <c>%xx</c>.</summary>
    /// <param name="name">Any text.</param>
    public static string Of(string name)
    {
        var safe = new StringBuilder();
        foreach (var each in Encoding.UTF8.GetBytes(name))
        {
            if (char.IsAsciiLetterOrDigit((char)each) || each == '-' || each == '_' || (each == '.' && safe.Length > 0))
                safe.Append((char)each);
            else
                safe.Append('%').Append(each.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return safe.Length is > 0 and <= Longest ? safe.ToString() : $"{safe.ToString(0, Math.Min(safe.Length, Longest))}%{StableHash.Of(name)}";
    }
}
