using Microsoft.Extensions.Logging;
using Observe.Collectors.Self;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>
/// Every sample that a vCenter has of its virtual machines and hosts, one each 20 s, at its own time: asked for in rounds, each of
/// which takes up where the last one that was answered ended, as far back as the server keeps them. Rounds do not overlap.
/// </summary>
internal sealed partial class PerformanceCollector
{
    /// <summary>Beyond, and the time of a round, a sample does not say any more how things are: who scrapes sees none, rather than an old one.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(100);

    /// <summary>How far the server's clock may be behind where it should be: beyond, it was set.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string vcenter;
    private readonly IVCenterInventory inventory;
    private readonly IVCenterClock clock;
    private readonly EntityKind[] kinds;
    private readonly PerformanceParts parts;
    private readonly PerformanceSeries series;
    private readonly PerformanceState state = new();
    private readonly RoundSchedule schedule;
    private readonly ILogger logger;
    private ServerCounters? counters;
    private (DateTimeOffset Shown, long At)? lastClock;
    private long since;
    private long number;

    /// <summary>Prepares; nothing is asked until <see cref="RunAsync"/>.</summary>
    /// <param name="vcenter">The vCenter's name, for labels and logs.</param>
    /// <param name="options">What is wanted, and how hard it is asked for.</param>
    /// <param name="session">The session with it.</param>
    /// <param name="inventory">What it manages.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="queue">Where samples wait to be pushed.</param>
    /// <param name="host">Whose the collector's own series are.</param>
    /// <param name="losses">Where what is beyond a bound is counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where comings and goings of trouble go.</param>
    public PerformanceCollector(
        string vcenter, PerformanceOptions options, IVCenterSession session, IVCenterInventory inventory, IVCenterClock clock, SampleQueue queue, Resource host, LossCounters losses,
        TimeProvider time, ILogger logger)
    {
        (this.vcenter, this.inventory, this.clock, this.logger) = (vcenter, inventory, clock, logger);
        kinds = [new EntityKind("VirtualMachine", VirtualMachineCounters.All, options), new EntityKind("HostSystem", HostCounters.All, options)];
        var accounts = new PerformanceAccounts(kinds, options, losses.Counter("vcenter_instance_dropped"));
        parts = new PerformanceParts(session, options, accounts, new SampleTimes(clock), new BatchSize(time), new PerformanceTotals(), queue, time);
        series = new PerformanceSeries(vcenter, host, UnixNano.Now(time));
        schedule = new RoundSchedule(options.Interval, time);
    }

    /// <summary>How it fares.</summary>
    public ComponentStatus Status => state.ToStatus($"vcenter {vcenter} performance");

    /// <summary>What was taken in, and what failed.</summary>
    internal PerformanceTotals Totals => parts.Totals;

    /// <summary>How the rounds went.</summary>
    internal PerformanceState State => state;

    /// <summary>Metrics in a request, at most, at present.</summary>
    internal int BatchMetrics => parts.Size.Metrics;

    /// <summary>Asks until it is told to stop.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Nothing can be asked of an inventory that is not known, nor placed in time by a clock that is not.
            while (!inventory.IsComplete || !clock.IsReady)
                await Task.Delay(Pause, parts.Time, cancellationToken).ConfigureAwait(false);
            await RoundAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(schedule.Wait(clock.Now), parts.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds the newest values, and what is said of the asking.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        var notBefore = UnixNano.Of(parts.Time.GetUtcNow() - Stale - parts.Options.Interval);
        parts.Accounts.Export(builder, notBefore, parts.Queue.IsOpen);
        series.Export(builder, parts, state);
    }

    /// <summary>One round.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<RoundOutcome> RoundAsync(CancellationToken cancellationToken)
    {
        var began = parts.Time.GetTimestamp();
        var now = ReadClock();
        number++;
        SampleRound? round = null;
        Exception? error = null;
        try
        {
            await ResolveAsync(cancellationToken).ConfigureAwait(false);
            parts.Accounts.Update(inventory, since, now.UtcTicks - RealTime.Kept.Ticks);
            round = new SampleRound(parts, counters!, number, now.UtcTicks);
            await round.RunAsync(isProbed: state.Last == RoundOutcome.Failed, cancellationToken).ConfigureAwait(false);
            error = round.Error;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            error = failure;
        }
        return Ended(round, error, now, parts.Time.GetElapsedTime(began));
    }

    private RoundOutcome Ended(SampleRound? round, Exception? error, DateTimeOffset now, TimeSpan duration)
    {
        var outcome = round is { IsComplete: true } ? RoundOutcome.Complete : round is { Answered: > 0 } ? RoundOutcome.Partial : RoundOutcome.Failed;
        var newest = Newest();
        if (outcome == RoundOutcome.Complete)
            schedule.Learn(now, newest);
        var wasComplete = state.Last is null or RoundOutcome.Complete;
        state.Ended(outcome, duration, schedule.Lag, clock.Now - newest, parts.Options.Interval, error);
        if (outcome != RoundOutcome.Complete && wasComplete)
            Log.Incomplete(logger, vcenter, error?.Message ?? $"not all was answered within {parts.Options.RoundTimeout.TotalSeconds:0} s");
        else if (outcome == RoundOutcome.Complete && !wasComplete)
            Log.Complete(logger, vcenter);
        return outcome;
    }

    /// <summary>
    /// What the server's clock shows; and if that was set back, everything that is kept in its terms moves with it: samples are stamped
    /// anew with what was taken in before. Set forward, it has only left something out; so it looks, too, when this machine stood still.
    /// </summary>
    private DateTimeOffset ReadClock()
    {
        var (shown, at) = (clock.Now, parts.Time.GetTimestamp());
        if (lastClock is { } last && shown - last.Shown - parts.Time.GetElapsedTime(last.At, at) is var step && step < -ClockTolerance)
        {
            since += step.Ticks;
            parts.Accounts.Shift(step.Ticks);
            parts.Times.Forget();
            schedule.Shift(step);
            Log.ClockSet(logger, vcenter, -step.TotalSeconds);
        }
        lastClock = (shown, at);
        // What was before the agent is not asked for: a restart would deliver it twice.
        if (since == 0)
            since = (shown - RealTime.Interval).UtcTicks;
        return shown;
    }

    private async Task ResolveAsync(CancellationToken cancellationToken)
    {
        if (counters is not null && counters.AreOf(parts.Session.Content?.About))
            return;
        var found = await ServerCounters.LoadAsync(parts.Session, kinds, cancellationToken).ConfigureAwait(false);
        if (counters is not null && !counters.AreOfSameServer(found))
            parts.Accounts.Clear();
        counters = found;
        parts.Size.Allow(parts.Options.MaxQueryMetrics ?? found.MaxMetrics);
        state.Lacks(found.Missing);
    }

    /// <summary>The stamp that half of the things have a sample of, or a newer one: some may be late, and some hosts' clocks ahead.</summary>
    private DateTimeOffset? Newest()
    {
        var stamps = parts.Accounts.All.Where(each => each.IsActive).Select(each => each.LastStamp).Where(each => each > 0).ToArray();
        if (stamps.Length == 0)
            return null;
        Array.Sort(stamps);
        return new DateTimeOffset(stamps[stamps.Length / 2], TimeSpan.Zero);
    }

    private static partial class Log
    {
        [LoggerMessage(90, LogLevel.Warning, "samples of vCenter {VCenter} are missing for now: {Reason}; they are asked for again as long as the server keeps them (1 h)", EventName = "VCenterSamplesMissing")]
        public static partial void Incomplete(ILogger logger, string vcenter, string reason);

        [LoggerMessage(91, LogLevel.Information, "samples of vCenter {VCenter} are complete again", EventName = "VCenterSamplesComplete")]
        public static partial void Complete(ILogger logger, string vcenter);

        [LoggerMessage(92, LogLevel.Warning, "the clock of vCenter {VCenter} was set back by {Seconds:0.0} s; its samples go on from there", EventName = "VCenterSamplesClockSet")]
        public static partial void ClockSet(ILogger logger, string vcenter, double seconds);
    }
}
