using System.Buffers;
using System.Text;

namespace Observe.Collectors.Identity;

/// <summary>Names of systemd units as they stand in cgroup paths (systemd.unit(5), "String escaping for inclusion in unit names").</summary>
internal static class SystemdName
{
    /// <summary>Longest unit name systemd accepts, in bytes (UNIT_NAME_MAX).</summary>
    private const int MaxLength = 255;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@");

    // Units that own no processes of their own, save .mount, .swap and .socket helpers: they are the system's doing.
    private static readonly string[] HelperSuffixes = [".mount", ".socket", ".swap", ".automount", ".device", ".target", ".timer", ".path"];

    internal static bool IsSlice(ReadOnlySpan<char> name) => IsUnit(name, ".slice");

    internal static bool IsServiceOrScope(ReadOnlySpan<char> name) => IsUnit(name, ".service") || IsUnit(name, ".scope");

    internal static bool IsHelper(ReadOnlySpan<char> name)
    {
        foreach (var suffix in HelperSuffixes)
        {
            if (IsUnit(name, suffix))
                return true;
        }
        return false;
    }

    /// <summary>
    /// systemd prefixes an underscore where a unit's name could be taken for one of the kernel's own files
    /// (<c>cpu.service</c> becomes <c>_cpu.service</c>); the number of such characters to drop: 0 or 1.
    /// </summary>
    internal static int EscapePrefix(ReadOnlySpan<char> component) => component is ['_', _, ..] ? 1 : 0;

    /// <summary>Turns <c>\x2d</c> and its like back into the bytes they stand for; what is not a valid escape, or would be a control character, stays.</summary>
    internal static string Unescape(ReadOnlySpan<char> name)
    {
        if (!name.Contains("\\x", StringComparison.Ordinal))
            return name.ToString();
        var bytes = new ArrayBufferWriter<byte>(name.Length);
        while (!name.IsEmpty)
        {
            if (name.Length >= 4 && name[0] == '\\' && name[1] == 'x' && HexByte(name[2], name[3]) is >= 0x20 and not 0x7f and var value)
            {
                bytes.Write([(byte)value]);
                name = name[4..];
                continue;
            }
            var plain = name[1..].IndexOf('\\');
            var run = plain < 0 ? name : name[..(plain + 1)];
            bytes.Advance(Encoding.UTF8.GetBytes(run, bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(run.Length))));
            name = name[run.Length..];
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static bool IsUnit(ReadOnlySpan<char> name, string suffix) =>
        name.Length > suffix.Length && name.Length <= MaxLength && name.EndsWith(suffix, StringComparison.Ordinal) && !name.ContainsAnyExcept(NameCharacters);

    private static int HexByte(char high, char low) =>
        char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low) ? (Convert.FromHexString([high, low])[0]) : -1;
}
