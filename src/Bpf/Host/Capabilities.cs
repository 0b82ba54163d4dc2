using System.Globalization;

namespace Observe.Bpf.Host;

/// <summary>What this process may do.</summary>
public static class Capabilities
{
    /// <summary>The effective capabilities (<c>CapEff</c> in <c>/proc/self/status</c>); empty if they cannot be read.</summary>
    public static CapabilitySet Effective => Parse(ReadStatus(), "CapEff:");

    internal static CapabilitySet Parse(IEnumerable<string> status, string field)
    {
        foreach (var line in status)
            if (line.StartsWith(field, StringComparison.Ordinal)
                && ulong.TryParse(line.AsSpan(field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits))
                return new CapabilitySet(bits);
        return default;
    }

    private static string[] ReadStatus()
    {
        try
        {
            return File.ReadAllLines("/proc/self/status");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
