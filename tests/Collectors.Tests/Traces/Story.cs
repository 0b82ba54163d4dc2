using System.Diagnostics;
using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Collectors.Migrations;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces;
using Observe.Telemetry.Time;
using Observe.Telemetry.Traces;

namespace Observe.Collectors.Tests.Traces;

/// <summary>Events told one after another, and the spans that are made of them. Moments are in seconds of the story.</summary>
internal sealed class Story
{
    public const string Uuid = "50171ec1-6d2c-4a0f-9d3c-9be6f4a1b001";
    public const string Vm = "5017aaaa-0000-4000-8000-000000000001";

    /// <summary>ns since the Unix epoch, where the story begins.</summary>
    public const long Origin = 1_800_000_000_000_000_000;

    private readonly SpanCorrelator correlator;
    private readonly Dictionary<string, TimelineSource> sources = [];
    private readonly Timeline<ObservedEvent> timeline = new(16);
    private UInt128 key;

    public Story(TraceTimings? timings = null, params IStallObserver[] observers)
    {
        correlator = new SpanCorrelator(new HostIdentity("host-1", "boot-1"), Location, timings ?? new TraceTimings(), Spans.Add, observers, Losses, Watch);
    }

    public GuestLocation Location { get; } = new();

    public LossCounters Losses { get; } = new();

    public MigrationWatch Watch { get; } = new();

    public List<ObservedSpan> Spans { get; } = [];

    /// <summary>How far a moment may be off, s.</summary>
    public double Error { get; set; } = 0.001;

    /// <summary>Now, s.</summary>
    public double Now { get; private set; }

    public (int Operations, int Containers, int Held) Count => correlator.Count;

    /// <summary>This host is a VM of the vCenter.</summary>
    public Story InGuest(string host = "esx-1")
    {
        Location.Follow(() => new GuestPlace(Vm, "web", host));
        return this;
    }

    public static UtcInterval At(double seconds, double error) => UtcInterval.Around(Origin + (long)(seconds * 1e9), (long)(error * 1e9));

    /// <summary>An event of a vCenter.</summary>
    public Story VCenter(double at, string name, int chain, params (string Name, string Value)[] more) => Tell(
        "vcenter", at, new ObservedEvent(name, null, [
            new("vcenter", "prod"), new("vcenter.instance_uuid", Uuid), new("vcenter.event.chain_id", $"{chain}"), .. more.Select(each => new KeyValuePair<string, string>(each.Name, each.Value)),
        ]));

    /// <summary>An event of a task on this guest's VM.</summary>
    public Story Task(double at, string what, int chain, string descriptor = "VirtualMachine.migrate") => VCenter(
        at, $"vcenter.task.{what}", chain, ("vcenter.task.id", $"task-{chain}"), ("vcenter.task.descriptor", descriptor), ("vcenter.vm.id", Vm), ("vcenter.vm.name", "web"));

    public Story OnVm(double at, string name, int chain) => VCenter(at, name, chain, ("vcenter.vm.id", Vm), ("vcenter.vm.name", "web"), ("vcenter.event.type", name));

    /// <summary>A whole migration of this guest's VM.</summary>
    public Story Migrate(double from, double to, int chain) =>
        Task(from, "queued", chain).Task(from + 0.1, "started", chain).OnVm(from + 0.2, "vcenter.vm.migrating", chain).OnVm(to - 0.1, "vcenter.vm.migrated", chain).Task(to, "succeeded", chain);

    /// <summary>An event of a container.</summary>
    public Story Container(double at, string action, string id = "c1", params (string Name, string Value)[] more) => Tell(
        "docker", at, new ObservedEvent($"container.{action}", IdentitySubject.Container(id), [
            new("container.name", "web-1"), new("container.image.name", "nginx"), .. more.Select(each => new KeyValuePair<string, string>(each.Name, each.Value)),
        ]));

    public Story Stall(double from, double to, StallKind kind = StallKind.Wait, params Culprit[] culprits) => Stall(At(from, Error), At(to, Error), kind, culprits);

    public Story Stall(UtcInterval from, UtcInterval to, StallKind kind = StallKind.Wait, params Culprit[] culprits) => Tell(
        "stalls", to, new Stall(kind, WorkloadRegistry.Other, from, to, new StalledThread(1, 2, "worker"), 0, culprits, []) { Nanoseconds = to.Middle - from.Middle });

    /// <summary>This machine stood still.</summary>
    public Story Blackout(double from, double to, BlackoutSign sign = BlackoutSign.Late) => Tell(
        "guest", At(to, Error), new GuestBlackout(sign, At(from, Error), At(to, Error)) { Nanoseconds = (long)((to - from) * 1e9) });

    /// <summary>How threads waited, second by second.</summary>
    public Story Waits(double from, double to, double p95, double pressure = 0.01)
    {
        for (var at = from; at < to; at++)
            Watch.Waits.Add(new WaitWindow(At(at, Error), At(at + 1, Error), p95, pressure));
        return this;
    }

    public Story Tell(string source, double at, ObservedEvent what) => Tell(source, At(at, Error), what);

    public Story Tell(string source, UtcInterval when, ObservedEvent what)
    {
        if (!sources.TryGetValue(source, out var of))
            sources.Add(source, of = timeline.Add(source, new TimelineSourceOptions(1, 1, 1)));
        // Told as it happens: the clock of who waits goes with the story's.
        Now = Math.Max(Now, (when.Middle - Origin) / 1e9);
        correlator.Take(new TimelineEvent<ObservedEvent>(of, when, what, false, ++key), TimeSpan.FromSeconds(Now));
        return this;
    }

    /// <summary>Time passes.</summary>
    public Story Until(double seconds)
    {
        for (; Now < seconds; Now = Math.Min(seconds, Now + 0.5))
            correlator.Advance(TimeSpan.FromSeconds(Now));
        correlator.Advance(TimeSpan.FromSeconds(Now));
        return this;
    }

    public Story End()
    {
        correlator.Advance(TimeSpan.FromSeconds(Now), isEnding: true);
        return this;
    }

    public ObservedSpan Only(string name) => Spans.Where(each => each.Descriptor.Name == name).ShouldHaveSingleItem();

    public IReadOnlyList<ObservedSpan> All(string name) => [.. Spans.Where(each => each.Descriptor.Name == name)];

    /// <summary>What must hold of all spans, whatever the story.</summary>
    public void ShouldBeSound()
    {
        // Plain conditions: thousands of stories are looked at.
        Spans.Select(each => each.Id).Distinct().Count().ShouldBe(Spans.Count);
        var known = Spans.ToDictionary(each => each.Id);
        foreach (var span in Spans)
        {
            (span.Trace != default && span.Id != default && span.EndTicks > span.BeginTicks && SpanCatalog.All.Contains(span.Descriptor)).ShouldBeTrue();
            foreach (var (name, _) in span.Attributes)
            {
                if (!span.Descriptor.Attributes.Any(each => each.Name == name) || span.Attributes.Count(each => each.Key == name) != 1)
                    Assert.Fail($"{span.Descriptor.Name} has {name} twice, or the catalog knows nothing of it");
            }
            if (span.Parent == default)
                continue;
            if (!known.TryGetValue(span.Parent, out var parent) || parent.Trace != span.Trace)
                Assert.Fail($"the parent of {span.Descriptor.Name} was never exported in its trace");
            else if (parent.BeginTicks > span.BeginTicks || span.EndTicks > parent.EndTicks)
                Assert.Fail($"{span.Descriptor.Name} [{span.BeginTicks}, {span.EndTicks}] stands outside of {parent.Descriptor.Name} [{parent.BeginTicks}, {parent.EndTicks}]");
        }
    }

    public static object? Value(ObservedSpan span, string name) => span.Attributes.FirstOrDefault(each => each.Key == name).Value;
}
