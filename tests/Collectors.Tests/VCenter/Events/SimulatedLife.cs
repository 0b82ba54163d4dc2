namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>The life of a process in a simulation: when it is killed nothing in it goes on, whatever it was at.</summary>
internal sealed class SimulatedLife(Simulation simulation) : TaskScheduler
{
    private bool isDead;

    /// <summary>Its time: its timers die with it.</summary>
    public TimeProvider Time => new MortalTime(this);

    /// <summary>Begins something in it.</summary>
    public Task Start(Func<Task> main) => Task.Factory.StartNew(main, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    /// <summary>As kill -9.</summary>
    public void Kill() => isDead = true;

    protected override void QueueTask(Task task) => simulation.Post(() =>
    {
        if (!isDead)
            TryExecuteTask(task);
    });

    // In the middle of somebody else's turn nothing of it runs.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private sealed class MortalTime(SimulatedLife life) : TimeProvider
    {
        private readonly Simulation simulation = life.Simulation;

        public override long TimestampFrequency => simulation.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => simulation.GetUtcNow();

        public override long GetTimestamp() => simulation.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => simulation.CreateTimer(
            each =>
            {
                if (!life.isDead)
                    callback(each);
            },
            state, dueTime, period);
    }

    private Simulation Simulation => simulation;
}
