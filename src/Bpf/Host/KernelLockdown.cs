namespace Observe.Bpf.Host;

/// <summary>
/// Kernel lockdown: in mode <c>integrity</c> and above, <c>fentry</c>, <c>fexit</c> and kprobes are refused however
/// privileged the caller (kernel_lockdown(7)).
/// </summary>
public static class KernelLockdown
{
    private const string DefaultPath = "/sys/kernel/security/lockdown";

    /// <summary>The mode: <c>none</c>, <c>integrity</c>, <c>confidentiality</c>; null where securityfs does not tell.</summary>
    public static string? Current => Read(DefaultPath);

    internal static string? Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The bracketed word of <c>none [integrity] confidentiality</c>.</summary>
    internal static string? Parse(string text)
    {
        var begin = text.IndexOf('[', StringComparison.Ordinal);
        var end = text.IndexOf(']', begin + 1);
        return begin >= 0 && end > begin ? text[(begin + 1)..end] : null;
    }
}
