using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Collectors.Migrations;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Collectors.Time;
using Observe.Collectors.Traces;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;
using Observe.Tests;

namespace Observe.Collectors.Tests.Traces;

/// <summary>
/// A host whose clock is off, and is set, and a vCenter whose clock is off otherwise; what happens there is told with the delays that it really has, and goes the
/// way of the running agent: unified clock, remote clock, timeline, correlator. Truths are in ns since the Unix epoch, drawn from a seed.
/// </summary>
internal sealed class SkewedWorld : ISpanSink, IDisposable
{
    private const long Ms = 1_000_000, Second = 1000 * Ms;

    private readonly Random random;
    private readonly ManualTime truth = new();
    private readonly UnifiedClock clock = new();
    private readonly RemoteClock remote;
    private readonly EventTimeline timeline;
    private readonly TraceSink sink;
    private readonly PriorityQueue<Action, long> telling = new();
    private readonly TimelineSource kernel, guest, vcenter;
    private readonly long origin, step, skew;
    private readonly double hostDrift, remoteDrift;
    private readonly (long Before, long After) error;
    private readonly bool isHonest;
    private ulong key;

    public SkewedWorld(int seed, bool isHonest)
    {
        random = new Random(seed);
        this.isHonest = isHonest;
        origin = Now;
        step = origin + Span(20, 100);
        error = isHonest ? (Span(-3, 3), Span(-3, 3)) : (Span(-3600, 3600), Span(-1, 1));
        skew = Span(-3, 3);
        hostDrift = 100e-6 * ((2 * random.NextDouble()) - 1);
        remoteDrift = 100e-6 * ((2 * random.NextDouble()) - 1);
        var host = new Resource([], []);
        remote = new RemoteClock("vcenter", clock, host, 0, () => Monotonic(Now));
        var location = new GuestLocation();
        location.Follow(() => new GuestPlace(Story.Vm, "web", "esx-1"));
        sink = new TraceSink(new HostIdentity("host-1", "boot-1"), location, new TraceTimings(), this, [], new LossCounters(), new MigrationWatch(), new HostTime(this), NullLogger<TraceSink>.Instance);
        timeline = new EventTimeline([sink], host, new LossCounters(), new HostTime(this), NullLogger<EventTimeline>.Instance);
        kernel = timeline.Add("kernel", new TimelineSourceOptions(500 * Ms, 5 * Second, Second));
        guest = timeline.Add("guest", new TimelineSourceOptions(0, 5 * Second, Second));
        vcenter = timeline.Add("vcenter", new TimelineSourceOptions(6 * Second, 10 * Second, Second));
    }

    public List<ObservedSpan> Spans { get; } = [];

    /// <summary>What really happened: from when to when, by the number of a stall's thread, an operation's chain.</summary>
    public Dictionary<long, (long Begin, long End)> Stalls { get; } = [];

    public Dictionary<string, (long Begin, long End)> Operations { get; } = [];

    private long Now => (truth.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>Two minutes in which things happen, and as long as it takes until all is told.</summary>
    public void Run()
    {
        Draw();
        for (var tick = 0; tick < 4 * 420; tick++)
        {
            if (tick % 4 == 0)
                ReadClock();
            if (tick % 20 == 0)
                AskVCenter();
            truth.Advance(TimeSpan.FromMilliseconds(250));
            while (telling.TryPeek(out var tell, out var at) && at <= Now)
            {
                telling.Dequeue();
                tell();
            }
        }
        sink.End();
    }

    public void Offer(ObservedSpan span) => Spans.Add(span);

    public void Dispose()
    {
        sink.Dispose();
        timeline.Dispose();
    }

    private void Draw()
    {
        for (var chain = 1; chain <= 3; chain++)
            DrawOperation(chain);
        for (var number = 1; number <= 24; number++)
        {
            var begin = origin + Span(5, 118);
            var end = begin + Span(0.02, 4);
            Stalls[number] = (begin, end);
            var (thread, isBlackout) = (number, number % 6 == 0);
            Tell(end + Span(0.01, 3), () =>
            {
                var (from, to) = (clock.ToUtc(Monotonic(begin)), clock.ToUtc(Monotonic(end)));
                if (isBlackout)
                    timeline.Offer(guest, key++, to, new GuestBlackout(BlackoutSign.Late, from, to) { Nanoseconds = end - begin });
                else
                    timeline.Offer(kernel, key++, to, new Stall(StallKind.Wait, WorkloadRegistry.Other, from, to, new StalledThread(1, thread, "t"), 0, [], []) { Nanoseconds = end - begin });
            });
        }
    }

    private void DrawOperation(int chain)
    {
        var begin = origin + Span(2, 100);
        (string Name, long At)[] told =
        [
            ("vcenter.task.queued", begin), ("vcenter.task.started", begin + Span(0, 0.2)), ("vcenter.vm.migrating", begin + Span(0.2, 0.5)),
            ("vcenter.vm.migrated", begin + Span(1, 15)), ("vcenter.task.succeeded", begin + Span(15, 16)),
        ];
        Operations[$"{chain}"] = (begin, told[^1].At);
        foreach (var (name, at) in told)
        {
            Tell(at + Span(0, 8), () =>
            {
                var shown = Remote(at) / Ms * Ms;
                timeline.Offer(vcenter, key++, remote.ToUtc(shown, Ms - 1), new ObservedEvent(name, null, [
                    new("vcenter", "prod"), new("vcenter.instance_uuid", Story.Uuid), new("vcenter.event.chain_id", $"{chain}"), new("vcenter.vm.id", Story.Vm), new("vcenter.vm.name", "web"),
                    .. name.StartsWith("vcenter.task", StringComparison.Ordinal) ? new KeyValuePair<string, string>[] { new("vcenter.task.id", $"task-{chain}") } : [],
                ]));
            });
        }
    }

    private void Tell(long at, Action tell) => telling.Enqueue(tell, at);

    private void ReadClock()
    {
        var (now, at) = (Monotonic(Now), Now);
        var stated = isHonest ? Math.Abs(HostReal(at) - at) + Ms : Ms;
        clock.Take(new ClockReading(now, HostReal(at), now), stated);
    }

    private void AskVCenter()
    {
        // The answer is there at once, and says that it took as long as it did: what counts are the three readings.
        var (there, back) = (Span(0.0005, 0.8), Span(0.0005, 0.8));
        remote.Take(new ClockReading(Monotonic(Now - there - back), Remote(Now - back) / Ms * Ms, Monotonic(Now), Ms - 1));
    }

    private long Monotonic(long at) => (1000 * Second) + (at - origin) + (long)((at - origin) * hostDrift);

    private long Remote(long at) => at + skew + (long)((at - origin) * remoteDrift);

    private long HostReal(long at) => origin - (1000 * Second) + Monotonic(at) + (at < step ? error.Before : error.After);

    private long Span(double least, double most) => (long)((least + ((most - least) * random.NextDouble())) * Second);

    /// <summary>The host's: off, and set.</summary>
    private sealed class HostTime(SkewedWorld world) : TimeProvider
    {
        public override long TimestampFrequency => world.truth.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(world.HostReal(world.Now) / 100);

        public override long GetTimestamp() => world.truth.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => world.truth.CreateTimer(callback, state, dueTime, period);
    }
}
