using Observe.Agent.Configuration.Options;
using Observe.Collectors.Stalls;
using static Observe.Agent.Configuration.Keys.ValueKinds;

namespace Observe.Agent.Configuration.Keys;

/// <summary>The keys of stalls.</summary>
internal static class StallKeys
{
    /// <summary>Below a microsecond everything is a stall; nothing stalls for a minute without being noticed otherwise.</summary>
    private static readonly ValueKind<TimeSpan> Threshold = Duration(TimeSpan.FromMicroseconds(1), TimeSpan.FromMinutes(1));

    /// <summary>All of them, in the order in which they are documented.</summary>
    public static ConfigurationKey[] All() =>
    [
        new ScalarKey<bool>("traces.stalls", Switch, o => o.Stalls.Enabled, (o, v) => With(o, o.Stalls with { Enabled = v }),
            "Whether single stalls of threads are told by the kernel, and waits put down to who caused them; needs the scheduler ledger"),
        new ScalarKey<int>("traces.perSecond", Count(1, 10_000), o => o.Stalls.PerSecond, (o, v) => With(o, o.Stalls with { PerSecond = v }),
            "Stalls a second that are told of all workloads together, of one workload's cgroup a fifth of it; the rest are counted"),
        new ScalarKey<int>("traces.culprits", Count(0, 1000), o => o.Stalls.Culprits, (o, v) => With(o, o.Stalls with { Culprits = v }),
            "Workloads that observe_delay_seconds_total names, for each workload, as those that made it wait; the rest are summed up as other"),
        new ScalarKey<TimeSpan>("traces.thresholds.blame", Threshold, o => o.Stalls.Blame, (o, v) => With(o, o.Stalls with { Blame = v }),
            "Waits from this on are put down to who ran meanwhile; at most the threshold of waits counts"),
        new ScalarKey<TimeSpan>("traces.thresholds.wait", Threshold, o => o.Stalls.Wait, (o, v) => With(o, o.Stalls with { Wait = v }),
            "Waits for a CPU from this on are stalls"),
        new ScalarKey<TimeSpan>("traces.thresholds.throttle", Threshold, o => o.Stalls.Throttle, (o, v) => With(o, o.Stalls with { Throttle = v }),
            "Spells of being kept off by a CPU quota from this on are stalls"),
        new ScalarKey<TimeSpan>("traces.thresholds.blocked", Threshold, o => o.Stalls.Blocked, (o, v) => With(o, o.Stalls with { Blocked = v }),
            "Uninterruptible sleeps from this on are stalls"),
        new ScalarKey<TimeSpan>("traces.thresholds.exit", Threshold, o => o.Stalls.Exit, (o, v) => With(o, o.Stalls with { Exit = v }),
            "Exits of virtual CPUs whose handling takes this CPU time are stalls"),
        new ScalarKey<TimeSpan>("traces.thresholds.stopped", Threshold, o => o.Stalls.Stopped, (o, v) => With(o, o.Stalls with { Stopped = v }),
            "Spells of being stopped by a signal or a debugger from this on are stalls"),
    ];

    private static ObserveOptions With(ObserveOptions options, StallOptions stalls) => options with { Stalls = stalls };
}
