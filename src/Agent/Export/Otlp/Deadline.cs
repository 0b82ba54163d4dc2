namespace Observe.Agent.Export.Otlp;

/// <summary>A point in time after which no attempt is made; or none.</summary>
internal readonly struct Deadline
{
    private readonly TimeProvider time;
    private readonly long start;
    private readonly TimeSpan limit;

    private Deadline(TimeProvider time, TimeSpan limit)
    {
        this.time = time;
        this.limit = limit;
        start = time.GetTimestamp();
    }

    public static Deadline In(TimeSpan limit, TimeProvider time) => new(time, limit);

    private TimeSpan Left => limit == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : limit - time.GetElapsedTime(start);

    /// <summary>Whether something that takes so long would be over in time.</summary>
    public bool Allows(TimeSpan duration) => duration < Left;

    /// <summary>A timeout, cut so that it ends in time; zero if it is too late already.</summary>
    public TimeSpan Within(TimeSpan timeout)
    {
        var left = Left;
        if (left <= TimeSpan.Zero)
            return TimeSpan.Zero;
        if (left == TimeSpan.MaxValue)
            return timeout;
        return timeout == Timeout.InfiniteTimeSpan || left < timeout ? left : timeout;
    }
}
