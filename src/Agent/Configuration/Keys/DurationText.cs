using System.Buffers;
using System.Globalization;
using System.Text;

namespace Observe.Agent.Configuration.Keys;

/// <summary>Durations as people write them: <c>250ms</c>, <c>15s</c>, <c>1m30s</c>, <c>2h</c>, <c>1.5s</c>.</summary>
public static class DurationText
{
    // Longest suffix first, or "ms" would be read as minutes followed by an "s".
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond), ("h", TimeSpan.TicksPerHour),
        ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
    ];

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Reads a duration. A number without a unit is none: its author and its reader may think of different ones.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The duration, rounded to 100 ns.</param>
    /// <returns>True if the text is a duration of less than 1000 days.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        if (text is "0")
            return true;
        if (text.IsEmpty)
            return false;
        var ticks = 0m;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || digits > 12 || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            text = text[digits..];
            var known = false;
            foreach (var (unit, ticksPerUnit) in Units)
            {
                if (!text.StartsWith(unit))
                    continue;
                ticks += number * ticksPerUnit;
                text = text[unit.Length..];
                known = true;
                break;
            }
            if (!known || ticks > 1000m * TimeSpan.TicksPerDay)
                return false;
        }
        duration = TimeSpan.FromTicks((long)decimal.Round(ticks));
        return true;
    }

    /// <summary>Writes a duration so that <see cref="TryParse"/> reads the same.</summary>
    /// <param name="duration">Not negative, a whole number of microseconds.</param>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        var text = new StringBuilder();
        var rest = duration.Ticks;
        foreach (var (unit, ticks) in Units.OrderByDescending(each => each.Ticks))
        {
            if (rest / ticks > 0)
                text.Append(CultureInfo.InvariantCulture, $"{rest / ticks}{unit}");
            rest %= ticks;
        }
        return text.ToString();
    }
}
