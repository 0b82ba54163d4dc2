namespace Observe.Telemetry.Time;

/// <summary>
/// One source of a <see cref="Timeline{T}"/>: how far its events come out of order, and which have come already. What it counts
/// may be read at any time.
/// </summary>
public sealed class TimelineSource
{
    private readonly RecentKeys keys;
    private long newest = long.MinValue;
    private long heardAt = long.MinValue;
    private long accepted;
    private long duplicates;
    private long dropped;
    private long late;
    private long latest;

    internal TimelineSource(string name, TimelineSourceOptions options)
    {
        Name = name;
        Options = options;
        Lateness = options.Lateness;
        keys = new RecentKeys(options.Keys);
    }

    /// <summary>The <c>source</c> label.</summary>
    public string Name { get; }

    /// <summary>As it was added.</summary>
    public TimelineSourceOptions Options { get; }

    /// <summary>How long it is waited for an older event of it, ns: what was asked for, or what turned out to be needed.</summary>
    public long Lateness { get; private set; }

    /// <summary>Events taken in, those that came late included.</summary>
    public long Accepted => Volatile.Read(ref accepted);

    /// <summary>Events that had come before, and were left out.</summary>
    public long Duplicates => Volatile.Read(ref duplicates);

    /// <summary>Events for which there was no room.</summary>
    public long Dropped => Volatile.Read(ref dropped);

    /// <summary>Events that came after later ones had been delivered.</summary>
    public long Late => Volatile.Read(ref late);

    /// <summary>By how much the latest of them was late, ns.</summary>
    public long LatestBy => Volatile.Read(ref latest);

    /// <summary>Up to when nothing more is expected of it.</summary>
    /// <param name="now">UTC, ns since the Unix epoch.</param>
    internal long Watermark(long now)
    {
        // One that says nothing holds up nobody: what it says next is of then, or late.
        var idle = heardAt == long.MinValue || now - heardAt >= Options.IdleAfter;
        var seen = idle ? Math.Max(newest, now) : newest;
        return seen == long.MinValue ? long.MinValue : seen - Lateness;
    }

    internal bool IsKnown(UInt128 key)
    {
        if (!keys.Contains(key))
            return false;
        duplicates++;
        return true;
    }

    internal void Accept(UInt128 key, long when, long now)
    {
        keys.Add(key);
        accepted++;
        newest = Math.Max(newest, when);
        heardAt = now;
    }

    internal void Drop() => dropped++;

    /// <param name="by">ns.</param>
    internal void CameLate(long by)
    {
        late++;
        latest = Math.Max(latest, by);
        Lateness = Math.Max(Lateness, Math.Min(Lateness + by, Options.MaxLateness));
    }
}
