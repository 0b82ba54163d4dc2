namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>
/// Everything in one thread and in a time of its own: whatever can run runs, and when nothing can, the time of the next timer has
/// come. What waits in it must not leave its schedulers.
/// </summary>
internal sealed class Simulation : TimeProvider
{
    private readonly Queue<Action> ready = new();
    private readonly int thread = Environment.CurrentManagedThreadId;
    private readonly PriorityQueue<SimulatedTimer, (long At, long Number)> timers = new();
    private readonly Lock gate = new();
    private volatile string? left;
    private long now;
    private long number;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Since its beginning.</summary>
    public TimeSpan Passed => TimeSpan.FromTicks(Volatile.Read(ref now));

    public override DateTimeOffset GetUtcNow() => Start + Passed;

    public override long GetTimestamp() => Volatile.Read(ref now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Does something when it is its turn.</summary>
    public void Post(Action action)
    {
        // From another thread time would pass while it is on its way, as much as chance will have it.
        if (Environment.CurrentManagedThreadId != thread)
            left ??= Environment.StackTrace;
        else
            ready.Enqueue(action);
    }

    /// <summary>Runs until a task of it has ended.</summary>
    /// <param name="main">Begins it.</param>
    /// <param name="most">Fails when so much time has passed in it.</param>
    public void Run(Func<Task> main, TimeSpan most)
    {
        var life = new SimulatedLife(this);
        var task = life.Start(main);
        while (!task.IsCompleted)
        {
            if (left is not null)
                throw new InvalidOperationException($"something in the simulation has left its thread: {left}");
            if (ready.TryDequeue(out var action))
                action();
            else if (!AdvanceTo(most))
                throw new InvalidOperationException($"nothing more happens after {Passed}");
        }
        task.GetAwaiter().GetResult();
    }

    private bool AdvanceTo(TimeSpan most)
    {
        SimulatedTimer next;
        lock (gate)
        {
            while (true)
            {
                if (!timers.TryDequeue(out next!, out var order))
                    return false;
                if (next.Due == order.At)
                    break;
            }
            if (next.Due > most.Ticks)
                return false;
            now = Math.Max(now, next.Due!.Value);
            next.Rearm();
        }
        next.Callback();
        return true;
    }

    private sealed class SimulatedTimer(Simulation owner, Action callback) : ITimer
    {
        private TimeSpan period;

        public long? Due { get; private set; }

        public Action Callback => callback;

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (owner.gate)
            {
                period = newPeriod;
                Set(dueTime == Timeout.InfiniteTimeSpan ? null : owner.now + dueTime.Ticks);
            }
            return true;
        }

        public void Rearm() => Set(period > TimeSpan.Zero ? Due + period.Ticks : null);

        public void Dispose()
        {
            lock (owner.gate)
                Due = null;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Set(long? due)
        {
            Due = due;
            if (due is { } at)
                owner.timers.Enqueue(this, (at, owner.number++));
        }
    }
}
