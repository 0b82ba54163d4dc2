using Observe.Collectors.Self;

namespace Observe.Agent.Logging;

/// <summary>
/// Lets the same line through once a minute and counts what it held back. Remembers a bounded number of lines; when so many
/// different ones were written within a minute, further new ones are dropped, and counted too.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="dropped">Where dropped lines are counted.</param>
/// <param name="capacity">The most different lines a minute.</param>
public sealed class LogThrottle(TimeProvider time, LossCounter dropped, int capacity = LogThrottle.DefaultCapacity)
{
    /// <summary>Far more different lines than a healthy agent writes in a minute; with their texts well under 1 MiB.</summary>
    public const int DefaultCapacity = 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private readonly Dictionary<Line, Seen> lines = [];

    /// <summary>Number of different lines remembered.</summary>
    public int Remembered
    {
        get
        {
            lock (gate)
                return lines.Count;
        }
    }

    /// <summary>Decides on a line.</summary>
    /// <param name="category">Who logs.</param>
    /// <param name="eventId">Which of its events.</param>
    /// <param name="message">The rendered message.</param>
    /// <param name="repeated">How often the line was held back since it was last let through.</param>
    /// <returns>True if it is to be written.</returns>
    public bool Admit(string category, int eventId, string message, out long repeated)
    {
        repeated = 0;
        var line = new Line(category, eventId, message);
        var now = time.GetTimestamp();
        lock (gate)
        {
            if (lines.TryGetValue(line, out var seen))
            {
                if (time.GetElapsedTime(seen.At, now) < Interval)
                {
                    lines[line] = seen with { HeldBack = seen.HeldBack + 1 };
                    return false;
                }
                repeated = seen.HeldBack;
            }
            else if (lines.Count >= capacity && !Forget(now))
            {
                dropped.Add();
                return false;
            }
            lines[line] = new Seen(now, 0);
            return true;
        }
    }

    private bool Forget(long now)
    {
        foreach (var (line, seen) in lines)
        {
            // Removing while enumerating is allowed for this type.
            if (time.GetElapsedTime(seen.At, now) >= Interval)
                lines.Remove(line);
        }
        return lines.Count < capacity;
    }

    private readonly record struct Line(string Category, int EventId, string Message);

    private readonly record struct Seen(long At, long HeldBack);
}
