using Observe.Collectors.Time;
using Observe.Collectors.VCenter.Vim;
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

    private readonly RemoteClock remote = new($"vcenter:{name}", clock, host, start, monotonic);
    private readonly StampResolution resolution = new();

    /// <inheritdoc/>
    public bool IsReady => remote.IsReady;

    /// <inheritdoc/>
    public DateTimeOffset Now => remote.Now is { } shown ? Stamp.OfNanoseconds(shown) : time.GetUtcNow();

    /// <summary>How far it is ahead of UTC, and how wrong that may be; null while that is not known.</summary>
    public (TimeSpan Offset, TimeSpan Error)? Offset =>
        remote.Offset is { } known ? (TimeSpan.FromMicroseconds(known.Offset / 1e3), TimeSpan.FromMicroseconds(known.Error / 1e3)) : null;

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
            remote.Take(reading.Value);
        }
    }

    /// <inheritdoc/>
    public UtcInterval ToUtc(DateTimeOffset stamp, TimeSpan resolution) => remote.ToUtc(Stamp.ToNanoseconds(stamp), resolution.Ticks * TimeSpan.NanosecondsPerTick);

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder) => remote.Export(builder);

    private async Task<(ClockReading? Reading, bool IsClean)> ReadAsync(IVim vim, CancellationToken cancellationToken)
    {
        var delaysBefore = delays();
        var before = remote.Monotonic;
        var shown = await vim.CurrentTimeAsync(cancellationToken).ConfigureAwait(false);
        var after = remote.Monotonic;
        return Stamp.IsPlausible(shown)
            ? (new ClockReading(before, Stamp.ToNanoseconds(shown), after, resolution.Take(shown).Ticks * TimeSpan.NanosecondsPerTick), delays() == delaysBefore)
            : (null, false);
    }
}
