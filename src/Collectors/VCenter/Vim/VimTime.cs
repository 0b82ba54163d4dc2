using System.Globalization;

namespace Observe.Collectors.VCenter.Vim;

/// <summary>Moments as the protocol writes them: <c>2026-11-21T14:45:00.123456Z</c>.</summary>
internal static class VimTime
{
    /// <summary>Reads one; without a zone it is UTC, as servers mean it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">The moment; digits beyond 100 ns are cut off.</param>
    public static bool TryParse(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>Writes one, in UTC, with all digits that are known.</summary>
    /// <param name="time">The moment.</param>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
