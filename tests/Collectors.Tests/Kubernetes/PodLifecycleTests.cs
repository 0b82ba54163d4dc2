using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Events;
using Observe.Collectors.Kubernetes;
using Observe.Collectors.Kubernetes.Api;
using Observe.Collectors.Self;
using Observe.Collectors.Time;
using Observe.Collectors.Traces.Pods;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;
using Observe.Tests;

namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>What is told of pods' lives: each end once, with its beginning.</summary>
public sealed class PodLifecycleTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly Sink sink = new();
    private readonly EventTimeline timeline;
    private readonly PodLifecycle lifecycle;
    private readonly DateTimeOffset now;

    public PodLifecycleTests()
    {
        var host = new Resource([], []);
        timeline = new EventTimeline([sink], host, new LossCounters(), time, NullLogger<EventTimeline>.Instance);
        var clock = new UnifiedClock();
        lifecycle = new PodLifecycle(timeline, new RemoteClock("kubernetes", clock, host, 0), clock, "node-1", time);
        now = time.GetUtcNow();
    }

    public void Dispose() => timeline.Dispose();

    [Fact]
    public void Pod_GrowsUp_IsToldOfOnce()
    {
        var pod = Make(created: -20, scheduled: -19);
        lifecycle.Take(pod);
        lifecycle.Take(pod);
        var ready = pod with { Status = pod.Status! with { Conditions = [.. pod.Status!.Conditions!, new("Ready", "True", now.AddSeconds(-5))] } };
        lifecycle.Take(ready);
        lifecycle.Take(ready with { Status = ready.Status! with { Conditions = [ready.Status!.Conditions![0], new("Ready", "True", now.AddSeconds(-1))] } });
        time.Advance(TimeSpan.FromSeconds(20));

        sink.Names.ShouldBe(["k8s.pod.scheduled", "k8s.pod.ready"]);
        sink.All[0].Began.ShouldBe(new UtcInterval(Nano(-20), Nano(-20)));
        // Its kubelet cuts off what is less than a second.
        sink.When[1].ShouldBe(new UtcInterval(Nano(-5), Nano(-4)));
        sink.All[1].Attributes.ShouldContain(new KeyValuePair<string, string>("k8s.pod.uid", "u1"));
    }

    [Fact]
    public void Container_Ends_IsToldOfWithItsBeginning()
    {
        var pod = Make(created: -20, scheduled: -19);
        var end = new ContainerEnd("containerd://abc") { StartedAt = now.AddSeconds(-9), FinishedAt = now.AddSeconds(-3), ExitCode = 137, Reason = "OOMKilled" };
        lifecycle.Take(pod with { Status = pod.Status! with { ContainerStatuses = [new("app", "nginx:1", "containerd://abc", new ContainerState(end), null)] } });
        // Its next life, which mentions it as the last one.
        lifecycle.Take(pod with { Status = pod.Status! with { ContainerStatuses = [new("app", "nginx:1", "containerd://def", new ContainerState(null), new ContainerState(end))] } });
        time.Advance(TimeSpan.FromSeconds(20));

        var told = sink.All.Where(each => each.Name == "k8s.container.terminated").ShouldHaveSingleItem();
        told.Began.ShouldBe(new UtcInterval(Nano(-9), Nano(-8)));
        told.Attributes.ToDictionary()["container.id"].ShouldBe("abc");
        told.Attributes.ToDictionary()["process.exit.code"].ShouldBe("137");
    }

    [Fact]
    public void Pod_Deleted_IsToldOf()
    {
        var pod = Make(created: -20, scheduled: -19);
        lifecycle.Take(pod);
        lifecycle.Drop(pod);
        lifecycle.Drop(pod);
        time.Advance(TimeSpan.FromSeconds(20));
        sink.Names.ShouldBe(["k8s.pod.scheduled", "k8s.pod.deleted"]);
        sink.When[1].Latest.ShouldBe(Nano(0));
    }

    [Fact]
    public void Pod_OlderThanTheAgent_IsHistory()
    {
        var pod = Make(created: -90_000, scheduled: -89_000);
        // Not ready for a moment just now: that is not its start.
        lifecycle.Take(pod with { Status = pod.Status! with { Conditions = [.. pod.Status!.Conditions!, new("Ready", "True", now.AddSeconds(-5))] } });
        time.Advance(TimeSpan.FromSeconds(20));
        sink.All.ShouldBeEmpty();
        lifecycle.Drop(pod);
        time.Advance(TimeSpan.FromSeconds(20));
        sink.Names.ShouldBe(["k8s.pod.deleted"]);
    }

    private long Nano(double seconds) => (now.AddSeconds(seconds) - DateTimeOffset.UnixEpoch).Ticks * 100;

    private Pod Make(double created, double scheduled) => new()
    {
        Metadata = new ObjectMeta { Name = "web", Namespace = "shop", Uid = "u1", CreationTimestamp = now.AddSeconds(created) },
        Status = new PodStatus { Conditions = [new("PodScheduled", "True", now.AddSeconds(scheduled))] },
    };

    private sealed class Sink : IEventSink
    {
        public List<PodEvent> All { get; } = [];

        public List<UtcInterval> When { get; } = [];

        public IEnumerable<string> Names => All.Select(each => each.Name);

        public void Take(IReadOnlyList<TimelineEvent<ObservedEvent>> events)
        {
            All.AddRange(events.Select(each => (PodEvent)each.What));
            When.AddRange(events.Select(each => each.When));
        }
    }
}
