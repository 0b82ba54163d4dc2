using System.Text.RegularExpressions;

namespace Observe.Agent.Check;

/// <summary>Version numbers of a kernel release such as <c>6.1.0-18-amd64</c>.</summary>
internal static partial class KernelRelease
{
    /// <summary>The first two numbers; null if the text has none.</summary>
    public static Version? Parse(string release)
    {
        var match = Numbers().Match(release);
        return match.Success ? Version.Parse(match.Value) : null;
    }

    [GeneratedRegex(@"^\d{1,5}\.\d{1,5}")]
    private static partial Regex Numbers();
}
