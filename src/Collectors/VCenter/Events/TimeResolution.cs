namespace Observe.Collectors.VCenter.Events;

/// <summary>How much of a moment was cut off when it was written.</summary>
internal static class TimeResolution
{
    /// <summary>Of a moment as the server wrote it: by the digits of its second.</summary>
    /// <param name="text">The text; null or another: nothing is known of it, and a whole second was cut off.</param>
    public static TimeSpan Of(string? text)
    {
        var point = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        var digits = 0;
        if (point >= 0)
        {
            while (point + 1 + digits < text!.Length && char.IsAsciiDigit(text[point + 1 + digits]))
                digits++;
        }
        var ticks = TimeSpan.TicksPerSecond;
        for (; digits > 0 && ticks > 1; digits--)
            ticks /= 10;
        return TimeSpan.FromTicks(ticks);
    }
}
