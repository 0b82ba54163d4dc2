using Observe.Bpf.Host;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.VCenter.Clock;

/// <summary>
/// A vCenter's clock, found out by asking it what time it is, from time to time, and only known as well as the answers are quick.
/// Thread-safe.
/// </summary>
/// <param name="name">The endpoint's name.</param>
/// <param name="session">Who is asked.</param>
/// <param name="delays">Grows whenever a request has to wait for its turn or for a connection: an answer to such a one is not used.</param>
/// <param name="clock">This host's clock.</param>
/// <param name="host">Whose the series are.</param>
/// <param name="start">Since when steps are counted, ns since the Unix epoch.</param>
/// <param name="time">The clock for pauses.</param>
/// <param name="monotonic">CLOCK_MONOTONIC, ns; null: as it is.</param>
internal sealed class VCenterClock(
    string name, IVCenterSession session, Func<long> delays, UnifiedClock clock, Resource host, ulong start, TimeProvider time, Func<long>? monotonic = null) : IVCenterClock
{
    /// <summary>Answers to begin with: the quickest of some says more than any one.</summary>
    private const int FirstProbes = 5;

    /// <summary>Questions for one answer that can be used.</summary>
    private const int Attempts = 3;

    /// <summary>Two clocks drift apart by some ms meanwhile, as much as the answers are uncertain.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Before the first answer.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly OffsetEstimator estimator = new();
    private readonly StampResolution resolution = new();
    private readonly Func<long> monotonic = monotonic ?? (static () => (long)MonotonicClock.Nanoseconds);
    private readonly Series offset = new(MetricCatalog.ClockOffset, host, start, [$"vcenter:{name}"]);
    private readonly Series error = new(MetricCatalog.ClockError, host, start, [$"vcenter:{name}"]);
    private readonly Series steps = new(MetricCatalog.ClockSteps, host, start, [$"vcenter:{name}"]);

    /// <inheritdoc/>
    public bool IsReady
    {
        get
        {
            lock (gate)
                return estimator.IsReady;
        }
    }

    /// <inheritdoc/>
    public DateTimeOffset Now
    {
        get
        {
            lock (gate)
            {
                var now = monotonic();
                return estimator.IsReady ? Stamp.OfNanoseconds(now + estimator.OffsetAt(now).Middle) : time.GetUtcNow();
            }
        }
    }

    /// <summary>Asks from time to time, until it is cancelled.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await AskAsync(cancellationToken).ConfigureAwait(false);
                await Task.Delay(IsReady ? Pause : FirstPause, time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is VCenterException or VimFaultException)
            {
                // The session says why; what is known already stays true, and gets less precise.
                await Task.Delay(FirstPause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Asks once; several times if it has never been.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="VCenterException">It did not answer.</exception>
    /// <exception cref="VimFaultException">It refused.</exception>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        var wanted = IsReady ? 1 : FirstProbes;
        for (var attempt = 0; wanted > 0 && attempt < FirstProbes + Attempts; attempt++)
        {
            var (reading, isClean) = await session.AskAsync((vim, _, token) => ReadAsync(vim, token), null, cancellationToken).ConfigureAwait(false);
            // A delayed answer is no less true, only vague: better than nothing.
            var isLast = attempt == FirstProbes + Attempts - 1;
            if (reading is null || (!isClean && (IsReady || !isLast)))
                continue;
            wanted--;
            lock (gate)
                estimator.Take(reading.Value);
        }
    }

    /// <inheritdoc/>
    public UtcInterval ToUtc(DateTimeOffset stamp, TimeSpan resolution)
    {
        var shown = Stamp.ToNanoseconds(stamp);
        if (!clock.IsReady)
            return UtcInterval.Around(shown, 0);
        lock (gate)
        {
            if (!estimator.IsReady)
                return UtcInterval.Around(shown, 0);
            var (earliest, latest) = estimator.ToMonotonic(shown, resolution.Ticks * TimeSpan.NanosecondsPerTick);
            return clock.ToUtc(earliest).Hull(clock.ToUtc(latest));
        }
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        lock (gate)
        {
            if (!estimator.IsReady || !clock.IsReady)
                return;
            var now = monotonic();
            var theirs = estimator.OffsetAt(now);
            var ours = clock.ToUtc(now);
            builder.Add(offset, (now + theirs.Middle - ours.Middle) / 1e9);
            builder.Add(error, (theirs.Error + ours.Error) / 1e9);
            builder.Add(steps, estimator.Steps);
        }
    }

    /// <summary>How far the vCenter's clock is ahead of UTC; null if that is not known.</summary>
    public (TimeSpan Offset, TimeSpan Error)? Offset
    {
        get
        {
            lock (gate)
            {
                if (!estimator.IsReady || !clock.IsReady)
                    return null;
                var now = monotonic();
                var (theirs, ours) = (estimator.OffsetAt(now), clock.ToUtc(now));
                return (TimeSpan.FromMicroseconds((now + theirs.Middle - ours.Middle) / 1e3), TimeSpan.FromMicroseconds((theirs.Error + ours.Error) / 1e3));
            }
        }
    }

    private async Task<(ClockReading? Reading, bool IsClean)> ReadAsync(IVim vim, CancellationToken cancellationToken)
    {
        var delaysBefore = delays();
        var before = monotonic();
        var shown = await vim.CurrentTimeAsync(cancellationToken).ConfigureAwait(false);
        var after = monotonic();
        return Stamp.IsPlausible(shown)
            ? (new ClockReading(before, Stamp.ToNanoseconds(shown), after, resolution.Take(shown).Ticks * TimeSpan.NanosecondsPerTick), delays() == delaysBefore)
            : (null, false);
    }
}
