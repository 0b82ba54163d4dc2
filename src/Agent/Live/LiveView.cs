using Observe.Agent.Export;
using Observe.Agent.Live.Ledger;

namespace Observe.Agent.Live;

/// <summary>Looks at the metrics when somebody does, at most once a second however many there are, and never otherwise. Thread-safe.</summary>
/// <param name="metrics">Collects.</param>
/// <param name="history">What went by between looks.</param>
/// <param name="time">The clock.</param>
public sealed class LiveView(IMetricSource metrics, LedgerHistory history, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim gate = new(1, 1);
    private LiveLook? last;
    private long lastAt;

    /// <summary>The newest look: a new one, unless the last is younger than a second.</summary>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    /// <exception cref="OperationCanceledException">It did not come in time.</exception>
    public async ValueTask<LiveLook> LookAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (last is not null && time.GetElapsedTime(lastAt) < Pause)
                return last;
            using var lease = await metrics.CollectAsync(cancellationToken).ConfigureAwait(false);
            var interval = history.Take(lease.Snapshot);
            lastAt = time.GetTimestamp();
            return last = new LiveLook(interval, [.. history.Intervals], ClockQuality.Of(lease.Snapshot));
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();
}
