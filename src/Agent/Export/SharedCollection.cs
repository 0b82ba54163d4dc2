using System.Diagnostics.CodeAnalysis;
using Observe.Telemetry.Model;

namespace Observe.Agent.Export;

/// <summary>
/// One collection for all who ask: those who come while it runs get its result, and so do those who come while the result
/// is younger than a maximum age. However many scrape, collections never overlap.
/// </summary>
/// <param name="collect">One collection; never called again before it ended.</param>
/// <param name="maxAge">How old a result may be to be handed out again.</param>
/// <param name="time">The clock.</param>
[SuppressMessage("Naming", "CA1711", Justification = "a collection here is the act of collecting, the word used throughout")]
public sealed class SharedCollection(Func<CancellationToken, Task<MetricSnapshot.Lease>> collect, TimeSpan maxAge, TimeProvider time)
    : IMetricSource, IAsyncDisposable
{
    /// <summary>What a collection under way may take to end when the agent stops; longer than the runner gives its collectors.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(750);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private MetricSnapshot.Lease? current;
    private long currentSince;
    private Task? running;
    private long runningSince;
    private long collections;
    private bool closed;

    /// <summary>How many collections have ended with a result.</summary>
    public long Collections => Interlocked.Read(ref collections);

    /// <summary>For how long the collection under way has been running; null if none is.</summary>
    public TimeSpan? RunningFor
    {
        get
        {
            lock (gate)
                return running is null ? null : time.GetElapsedTime(runningSince);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<MetricSnapshot.Lease> CollectAsync(CancellationToken cancellationToken)
    {
        Task joined;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            if (running is null)
            {
                if (current is { } fresh && time.GetElapsedTime(currentSince) < maxAge)
                    return fresh.Snapshot.Read();
                runningSince = time.GetTimestamp();
                running = Task.Run(RunAsync, CancellationToken.None);
            }
            joined = running;
        }
        await joined.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (gate)
        {
            // Possibly a newer one than was waited for, which is as good; the hold on the older one may be gone.
            ObjectDisposedException.ThrowIf(current is null, this);
            return current.Value.Snapshot.Read();
        }
    }

    /// <summary>Ends the collection under way and lets go of the last result.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? last;
        lock (gate)
        {
            if (closed)
                return;
            closed = true;
            last = running;
        }
        await stopping.CancelAsync().ConfigureAwait(false);
        // Bounded: a collection that is stuck must not keep the agent from stopping.
        if (last is not null)
            await last.WaitAsync(StopGrace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            current?.Dispose();
            current = null;
        }
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            var lease = await collect(stopping.Token).ConfigureAwait(false);
            lock (gate)
            {
                current?.Dispose();
                current = lease;
                currentSince = time.GetTimestamp();
                collections++;
            }
        }
        finally
        {
            lock (gate)
                running = null;
        }
    }
}
