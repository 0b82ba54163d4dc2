namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>A clock that stands still, but for pauses: those are over at once, and it has advanced by them. Until so much of them was made.</summary>
/// <param name="deadlines">Length of what is no pause but a deadline: never reached.</param>
/// <param name="most">After that it stops.</param>
internal sealed class SkippingTime(TimeSpan deadlines, TimeSpan most) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<TimeSpan> pauses = [];
    private readonly TaskCompletionSource<IReadOnlyList<TimeSpan>> over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan passed;

    /// <summary>All pauses, when it has stopped.</summary>
    public Task<IReadOnlyList<TimeSpan>> Over => over.Task;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (gate)
            return passed.Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (gate)
        {
            if (dueTime != deadlines && passed < most)
            {
                passed += dueTime;
                pauses.Add(dueTime);
                if (passed < most)
                    ThreadPool.QueueUserWorkItem(_ => callback(state));
                else
                    over.SetResult([.. pauses]);
            }
        }
        return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
