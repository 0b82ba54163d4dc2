namespace Observe.Collectors.Sched;

/// <summary>The values of the <c>state</c> label of <c>observe_thread_time_seconds_total</c>. They add up to lifetime.</summary>
internal enum ThreadTimeState
{
    Running,
    Irq,
    Steal,
    Waiting,
    Throttled,
    Blocked,
    Sleeping,
}
