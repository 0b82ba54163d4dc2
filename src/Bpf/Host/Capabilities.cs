using System.Globalization;

namespace Observe.Bpf.Host;

/// <summary>What this process may do. Linux keeps capabilities per thread; all threads of a process normally agree.</summary>
public static partial class Capabilities
{
    /// <summary>
    /// The calling thread's effective capabilities (<c>CapEff</c> in <c>/proc/thread-self/status</c>); empty if they cannot
    /// be read.
    /// </summary>
    public static CapabilitySet Effective => Parse(ReadStatus(), "CapEff:");

    /// <summary>Those that the calling thread could make effective (<c>CapPrm</c>); empty if they cannot be read.</summary>
    public static CapabilitySet Permitted => Parse(ReadStatus(), "CapPrm:");

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
            return File.ReadAllLines("/proc/thread-self/status");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
