using Observe.Collectors.Docker.Api;
using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Collectors.Self;
using Observe.Collectors.Traces.Containers;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Docker;

/// <summary>The engine's events, each once: into the containers' state, the timeline and the count of events. One thread at a time; the count may be exported at any.</summary>
internal sealed class DockerEvents
{
    /// <summary>How far back events are asked for again after the connection broke, ns: they come by the time that they were stamped, and may overtake each other by a little.</summary>
    private const long Overlap = 1_000_000_000;

    /// <summary>
    /// Events of containers that come again when more may be lost: an engine keeps 256 of all kinds (moby: daemon/events, eventsLimit),
    /// networks' and images' among them. Fewer came of an engine that was started anew and has not kept any.
    /// </summary>
    private const int EngineKeeps = 64;

    private static readonly TimelineSourceOptions Arrival = new(Lateness: 100_000_000, MaxLateness: 10_000_000_000, IdleAfter: 1_000_000_000);

    private readonly DockerContainers containers;
    private readonly EventTimeline timeline;
    private readonly TimelineSource source;
    private readonly EngineClock clock;
    private readonly LossCounter missed;
    private readonly RecentKeys seen = new(Arrival.Keys);
    private readonly Dictionary<string, Counted> counts;
    private readonly Dictionary<string, string> nothing = [];
    private readonly TimeProvider time;
    private readonly bool isLocal;
    private long last;
    private Replay? replay;

    /// <summary>Knows nothing yet.</summary>
    /// <param name="containers">Whose events they are.</param>
    /// <param name="timeline">Where they go.</param>
    /// <param name="clock">When it was that the engine stamped them.</param>
    /// <param name="isLocal">Whether the engine's clock is this host's.</param>
    /// <param name="host">Whose the count is.</param>
    /// <param name="losses">Where events that never came are counted.</param>
    /// <param name="time">The clock.</param>
    public DockerEvents(DockerContainers containers, EventTimeline timeline, EngineClock clock, bool isLocal, Resource host, LossCounters losses, TimeProvider time)
    {
        this.isLocal = isLocal;
        this.containers = containers;
        this.timeline = timeline;
        this.clock = clock;
        this.time = time;
        source = timeline.Add("docker", Arrival);
        missed = losses.Counter("docker_event_missed");
        var start = UnixNano.Now(time);
        counts = ContainerLife.Actions.ToDictionary(action => action, action => new Counted(new Series(MetricCatalog.DockerEvents, host, start, [action])), StringComparer.Ordinal);
    }

    /// <summary>Before the engine is connected to again.</summary>
    /// <returns>From when on events are to be asked for, ns since the Unix epoch; null for from now on.</returns>
    public long? Resume()
    {
        if (last == 0)
        {
            // What happens before the first event of all, while nobody listens, is asked for too.
            last = time.GetUtcNow() is var now && isLocal ? (long)UnixNano.Of(now) : 0;
            return null;
        }
        replay = new Replay(last, (long)UnixNano.Now(time));
        return last - Overlap;
    }

    /// <summary>Takes an event in.</summary>
    /// <param name="each">The event.</param>
    /// <returns>Its container, if that has to be asked about.</returns>
    public DockerContainer? Take(DockerEvent each)
    {
        if (each is not { Type: "container", Actor.ID: { Length: > 0 } id, Action: { } text })
            return null;
        CountReplayed(each.TimeNano);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var action = ContainerLife.Normalize(colon < 0 ? text : text[..colon]);
        var key = new UInt128(StableHash.Bits(id) ^ StableHash.Bits(text), (ulong)each.TimeNano);
        if (!seen.Add(key))
            return null;
        last = Math.Max(last, each.TimeNano);
        var argument = colon < 0 ? "" : text[(colon + 1)..].Trim();
        var known = counts.ContainsKey(action) ? action : "other";
        Interlocked.Increment(ref counts[known].Value);
        var attributes = each.Actor.Attributes ?? nothing;
        Offer(id, action, argument, attributes, key, each.TimeNano);
        return containers.Apply(id, action, argument, attributes, DateTimeOffset.UnixEpoch.AddTicks(each.TimeNano / TimeSpan.NanosecondsPerTick));
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        foreach (var count in counts.Values)
            builder.Add(count.Series, Interlocked.Read(ref count.Value));
    }

    /// <summary>All that the engine kept came again, and not even the last that was known is among it: there were more.</summary>
    private void CountReplayed(long at)
    {
        if (replay is not { } under)
            return;
        under.ReachedBack |= at <= under.From;
        if (at <= under.To && ++under.Count < EngineKeeps)
            return;
        if (under is { Count: >= EngineKeeps, ReachedBack: false })
            missed.Add();
        replay = null;
    }

    private void Offer(string id, string action, string argument, Dictionary<string, string> attributes, UInt128 key, long at)
    {
        KeyValuePair<string, string>[] known =
        [
            .. Known("container.name", "name"), .. Known("container.image.name", "image"), .. Known("process.exit.code", "exitCode"), .. Known("observe.container.signal", "signal"),
            .. action == "health_status" && argument.Length > 0 ? [new("container.state.health.status", argument)] : Array.Empty<KeyValuePair<string, string>>(),
        ];
        // What the engine said before this event: of a life that began before the agent did.
        var started = action != "start" && containers.StartedAt(id) is { } moment ? clock.ToUtc((long)UnixNano.Of(moment)) : (UtcInterval?)null;
        timeline.Offer(source, key, clock.ToUtc(at), new ContainerEvent($"container.{action}", IdentitySubject.Container(id), known, started));

        KeyValuePair<string, string>[] Known(string attribute, string name) => attributes.TryGetValue(name, out var value) ? [new(attribute, value)] : [];
    }

    /// <param name="from">The last event that was known, ns since the Unix epoch.</param>
    /// <param name="to">Now: what is later is new.</param>
    private sealed class Replay(long from, long to)
    {
        public long From { get; } = from;

        public long To { get; } = to;

        public int Count { get; set; }

        public bool ReachedBack { get; set; }
    }

    private sealed class Counted(Series series)
    {
        public long Value;

        public Series Series { get; } = series;
    }
}
