using Observe.Collectors.Identity;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Sched;

/// <summary>The series of one workload.</summary>
internal sealed class WorkloadSeries
{
    private readonly ulong startTime;
    private IReadOnlyList<Label>? infoLabels;
    private Series? info;

    /// <summary>Makes them.</summary>
    /// <param name="workload">Whose they are.</param>
    /// <param name="traits">What the kernel tracks.</param>
    /// <param name="throttle">Whether throttled time is known.</param>
    /// <param name="start">Since when they accumulate, ns since the Unix epoch.</param>
    public WorkloadSeries(Workload workload, KernelTraits traits, LedgerThrottle throttle, ulong start)
    {
        var resource = workload.Resource;
        Time = [.. Enum.GetValues<ThreadTimeState>().Select(state => IsKnown(state, traits, throttle)
            ? new Series(MetricCatalog.ThreadTime, resource, start, [Name(state)])
            : null)];
        Waits = new Series(MetricCatalog.RunqueueWait, resource, start, []);
        Spells = new Series(MetricCatalog.Throttle, resource, start, []);
        Voluntary = new Series(MetricCatalog.ContextSwitches, resource, start, ["voluntary"]);
        Involuntary = new Series(MetricCatalog.ContextSwitches, resource, start, ["involuntary"]);
        Migrations = new Series(MetricCatalog.CpuMigrations, resource, start, []);
        OomKills = new Series(MetricCatalog.OomKills, resource, start, []);
        Threads = new Series(MetricCatalog.Threads, resource, start, []);
        startTime = start;
    }

    /// <summary>Time by <see cref="ThreadTimeState"/>; null where the kernel cannot tell.</summary>
    public Series?[] Time { get; }

    /// <summary>Waits.</summary>
    public Series Waits { get; }

    /// <summary>Throttled spells.</summary>
    public Series Spells { get; }

    /// <summary>Voluntary switches.</summary>
    public Series Voluntary { get; }

    /// <summary>Involuntary switches.</summary>
    public Series Involuntary { get; }

    /// <summary>Migrations.</summary>
    public Series Migrations { get; }

    /// <summary>Kills for want of memory.</summary>
    public Series OomKills { get; }

    /// <summary>Threads.</summary>
    public Series Threads { get; }

    /// <summary>Identity: another series when more is known.</summary>
    /// <param name="workload">Whose they are.</param>
    public Series InfoOf(Workload workload)
    {
        if (info is not null && ReferenceEquals(infoLabels, workload.InfoLabels))
            return info;
        infoLabels = workload.InfoLabels;
        return info = new Series(MetricCatalog.WorkloadInfo, workload.Resource, startTime, [], [.. infoLabels]);
    }

    private static bool IsKnown(ThreadTimeState state, KernelTraits traits, LedgerThrottle throttle) => state switch
    {
        ThreadTimeState.Irq => traits.TracksIrq,
        ThreadTimeState.Steal => traits.TracksSteal,
        ThreadTimeState.Throttled => throttle != LedgerThrottle.Unknown,
        _ => true,
    };

    private static string Name(ThreadTimeState state) => state switch
    {
        ThreadTimeState.Running => "running",
        ThreadTimeState.Irq => "irq",
        ThreadTimeState.Steal => "steal",
        ThreadTimeState.Waiting => "waiting",
        ThreadTimeState.Throttled => "throttled",
        ThreadTimeState.Blocked => "blocked",
        ThreadTimeState.Sleeping => "sleeping",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "unknown"),
    };
}
