using Microsoft.Extensions.Logging;
using Observe.Bpf.Host;
using Observe.Collectors.Events;
using Observe.Collectors.Sched;
using Observe.Collectors.Self;
using Observe.Collectors.Traces;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Migrations;

/// <summary>
/// When this machine stood still, as a guest can find out; and, while it is a VM of a vCenter that is watched, how its threads wait, second by
/// second, for what a migration does to that. Only for hosts that can be moved: virtual machines.
/// </summary>
public sealed partial class BlackoutCollector : ICollector, IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>After a standstill, before it is told of, ns: by then the pulse has beaten everywhere, and the clock has been read.</summary>
    private const long Settle = 2_500_000_000;

    /// <summary>Suspends and steps that wait for that: one a second at most.</summary>
    private const int MostSettling = 16;

    /// <summary>Reading the ledger's accounts takes at most one part in so many of the time, however large they are.</summary>
    private const long Share = 1000;

    /// <summary>Standstills are told in their order, some seconds after they were over.</summary>
    private static readonly TimelineSourceOptions Arrival = new(Lateness: 0, MaxLateness: 5_000_000_000, IdleAfter: 1_000_000_000, Keys: 1024);

    private readonly SchedCollector? sched;
    private readonly GuestLocation location;
    private readonly MigrationWatch watch;
    private readonly EventTimeline timeline;
    private readonly TimelineSource source;
    private readonly UnifiedClock clock;
    private readonly MigrationSeries series;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly ClockSteps steps = new();
    private readonly Queue<Standstill> settling = new();
    private readonly LossCounter dropped;
    private readonly WaitTotals totals = new();
    private readonly Pulse pulse;
    private readonly ITimer timer;
    private volatile string? failure;
    private long suspended;
    private long lookedAt;
    private long nextWaits;
    private ulong told;
    private bool disposed;

    /// <summary>Starts.</summary>
    /// <param name="sched">Whose ledger says who ran and waited; null: there is none.</param>
    /// <param name="location">Which virtual machine this host is.</param>
    /// <param name="watch">Where waits are kept, and what became of migrations.</param>
    /// <param name="timeline">Where blackouts go, as the source <c>guest</c>.</param>
    /// <param name="clock">Converts their times.</param>
    /// <param name="host">Whose the series are.</param>
    /// <param name="losses">Where suspects for which there was no room are counted.</param>
    /// <param name="time">Wakes it up.</param>
    /// <param name="logger">Where trouble goes.</param>
    public BlackoutCollector(
        SchedCollector? sched, GuestLocation location, MigrationWatch watch, EventTimeline timeline, UnifiedClock clock, Resource host, LossCounters losses, TimeProvider time,
        ILogger<BlackoutCollector> logger)
    {
        ArgumentNullException.ThrowIfNull(watch);
        ArgumentNullException.ThrowIfNull(timeline);
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(time);
        this.sched = sched;
        this.location = location;
        this.watch = watch;
        this.timeline = timeline;
        this.clock = clock;
        this.logger = logger;
        series = new MigrationSeries(host, UnixNano.Now(time));
        source = timeline.Add("guest", Arrival);
        dropped = losses.Counter("blackout_suspect_dropped");
        pulse = new Pulse(suspect => LedgerWitness.Ask(sched?.RunningLedger, suspect), Fail, dropped);
        watch.SeesBlackouts = true;
        timer = time.CreateTimer(_ => Look(), null, Pace, Pace);
    }

    /// <inheritdoc/>
    public string Name => "guest";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status =>
    [
        failure is { } reason ? new ComponentStatus("blackouts", StatusLevel.Degraded, $"not looked for any more: {reason}", "start the agent again; report this as a bug")
            : pulse.IsBlind ? new ComponentStatus("blackouts", StatusLevel.Absent, "cannot be told from waiting: this kernel keeps no /proc/thread-self/schedstat", "use a kernel with CONFIG_SCHED_INFO=y, as all major distributions' have")
            : new ComponentStatus("blackouts", StatusLevel.Ok, $"{told} seen; {(location.Current is { } place ? $"this host is the VM {place.MachineName}, waits of {watch.Waits.Count} s are known" : "this host is no VM of a vCenter that is watched")}"),
    ];

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            series.Export(builder, watch.Tally);
        }
        return new(failure is { } reason ? CollectResult.Failed(reason) : CollectResult.Ok);
    }

    /// <summary>Stops looking. To be called while the ledger is still there.</summary>
    public void Dispose()
    {
        timer.Dispose();
        pulse.Dispose();
        lock (gate)
            disposed = true;
    }

    private void Look()
    {
        if (!gate.TryEnter())
            return;
        try
        {
            if (disposed || !clock.IsReady)
                return;
            var now = (long)MonotonicClock.Nanoseconds;
            LookAtClock(now);
            foreach (var each in pulse.Take(now - Settle))
                Tell(each);
            while (settling.TryPeek(out var noted) && noted.EndLatest <= now - Settle)
                Tell(settling.Dequeue());
            LookAtWaits(now);
        }
        catch (Exception error)
        {
            // On a timer's thread an exception would end the agent.
            Log.LookFailed(logger, error.Message);
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>A suspend, and a clock that was set, are known to have been since the last look.</summary>
    private void LookAtClock(long now)
    {
        var then = suspended;
        suspended = HostClock.Suspended() ?? then;
        var (before, realTime, _) = HostClock.Read();
        var step = steps.Take(realTime - before, suspended);
        if (lookedAt > 0 && suspended - then >= BeatRule.Least)
            Note(new Standstill(BlackoutSign.Suspended, lookedAt, now, lookedAt, now, suspended - then));
        if (step > 0)
            Note(new Standstill(BlackoutSign.Stepped, now, now, now, now, step));
        lookedAt = now;
    }

    private void Note(in Standstill what)
    {
        if (settling.Count < MostSettling)
            settling.Enqueue(what);
        else
            dropped.Add();
    }

    private void LookAtWaits(long now)
    {
        if (sched is null || location.Current is null)
            watch.Waits.Break();
        else if (now >= nextWaits && sched.TryReadWaits(totals, out var at))
        {
            watch.Waits.Take(at, clock.ToUtc(at), totals);
            nextWaits = now + (Share * ((long)MonotonicClock.Nanoseconds - now));
        }
    }

    private void Tell(in Standstill what)
    {
        var blackout = BlackoutTimes.Of(what, clock);
        if (what.Sign != BlackoutSign.Stepped)
        {
            series.Count(blackout);
            Log.StoodStill(logger, blackout.Nanoseconds / 1e9, what.Sign == BlackoutSign.Suspended ? "it was suspended" : "its clock went on meanwhile");
        }
        timeline.Offer(source, told++, blackout.End, blackout);
    }

    private void Fail(Exception error)
    {
        failure = error.Message;
        watch.SeesBlackouts = false;
        Log.PulseFailed(logger, error.Message);
    }

    private static partial class Log
    {
        [LoggerMessage(160, LogLevel.Information, "this machine stood still for {Seconds:0.000} s: {Sign}", EventName = "GuestBlackout")]
        public static partial void StoodStill(ILogger logger, double seconds, string sign);

        [LoggerMessage(161, LogLevel.Error, "blackouts of this machine are not looked for any more: {Reason}; start the agent again, and report this as a bug", EventName = "BlackoutPulseFailed")]
        public static partial void PulseFailed(ILogger logger, string reason);

        [LoggerMessage(162, LogLevel.Warning, "blackouts and waits of this machine could not be looked at: {Reason}", EventName = "BlackoutLookFailed")]
        public static partial void LookFailed(ILogger logger, string reason);
    }
}
