using System.Globalization;

namespace Observe.Agent.Systemd;

/// <summary>How often systemd wants to hear from us, as sd_watchdog_enabled(3) reads it.</summary>
public static class WatchdogInterval
{
    /// <summary>Half of what systemd allows, as its manual advises; null if the watchdog is off or meant for another process.</summary>
    /// <param name="microseconds">Value of <c>WATCHDOG_USEC</c>.</param>
    /// <param name="processId">Value of <c>WATCHDOG_PID</c>.</param>
    /// <param name="self">Our own process id.</param>
    public static TimeSpan? From(string? microseconds, string? processId, int self)
    {
        if (!long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var allowed) || allowed < 2 || allowed > TimeSpan.MaxValue.TotalMicroseconds)
            return null;
        if (!string.IsNullOrEmpty(processId) && processId != self.ToString(CultureInfo.InvariantCulture))
            return null;
        return TimeSpan.FromTicks(allowed * TimeSpan.TicksPerMicrosecond / 2);
    }
}
