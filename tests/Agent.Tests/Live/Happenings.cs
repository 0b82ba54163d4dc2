using Microsoft.Extensions.DependencyInjection;
using Observe.Agent.Live.Recent;
using Observe.Agent.Tests.Http;
using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Collectors.Stalls;
using Observe.Telemetry.Time;

namespace Observe.Agent.Tests.Live;

/// <summary>Things that a test makes happen: told to the timeline of a running agent as its sources tell, or made for who takes them.</summary>
internal sealed class Happenings
{
    /// <summary>Nobody is waited for: what is told is delivered with the next turn.</summary>
    private static readonly TimelineSourceOptions AtOnce = new(Lateness: 0, MaxLateness: 0, IdleAfter: 0);

    private readonly Dictionary<string, TimelineSource> sources = [];
    private readonly WorkloadRegistry registry;
    private readonly EventTimeline? timeline;
    private UInt128 key;

    public Happenings(WorkloadRegistry registry) => this.registry = registry;

    public Happenings(TestAgent agent)
        : this(agent.Services.GetRequiredService<WorkloadRegistry>()) => timeline = agent.Services.GetRequiredService<EventTimeline>();

    /// <summary>A moment of the system's clock, ns since the Unix epoch.</summary>
    public static long Now => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>A workload, by its cgroup.</summary>
    public Workload Workload(ulong id, string path) => registry.Born(CgroupKey.OfDefaultHierarchy(id), path, 1);

    public static Stall Stall(StallKind kind, Workload workload, long end, double ms, params Culprit[] culprits) =>
        new(kind, workload, UtcInterval.Around(end - (long)(ms * 1e6), 1000), UtcInterval.Around(end, 1000), new StalledThread(100, 101, "worker"), 1, culprits, []) { Nanoseconds = (long)(ms * 1e6) };

    public static ObservedEvent Event(string name, params (string Key, string Value)[] attributes) =>
        new(name, null, [.. attributes.Select(each => new KeyValuePair<string, string>(each.Key, each.Value))]);

    /// <summary>Makes what a timeline delivers.</summary>
    public TimelineEvent<ObservedEvent> Delivered(ObservedEvent what, UtcInterval when, string source = "kernel")
    {
        if (!sources.TryGetValue(source, out var found))
            sources.Add(source, found = new Timeline<ObservedEvent>(16).Add(source, AtOnce));
        return new TimelineEvent<ObservedEvent>(found, when, what, false, ++key);
    }

    /// <summary>Tells the agent's timeline, as a source does.</summary>
    public void Tell(string source, ObservedEvent what, UtcInterval when)
    {
        if (!sources.TryGetValue(source, out var found))
            sources.Add(source, found = timeline!.Add(source, AtOnce));
        timeline!.Offer(found, ++key, when, what).ShouldBeTrue();
    }

    /// <summary>Tells of a stall.</summary>
    public void Tell(Stall stall) => Tell("kernel-of-a-test", stall, stall.End);

    /// <summary>Waits until so many things are known.</summary>
    public static async Task KnownAsync(TestAgent agent, int count)
    {
        var past = agent.Services.GetRequiredService<RecentPast>();
        await EndToEnd.Until.SoAsync($"{count} things are known", () => Task.FromResult(past.Count >= count));
    }
}
