using Observe.Collectors.Self;
using Observe.Collectors.Traces;

namespace Observe.Agent.Export.Traces;

/// <summary>Spans that wait for the receiver. When there is no room the oldest is let go of, and counted: what happens now matters more. Thread-safe.</summary>
/// <param name="capacity">How many may wait.</param>
/// <param name="dropped">Where those are counted that were let go of.</param>
public sealed class SpanBuffer(int capacity, LossCounter dropped) : ISpanSink, IDisposable
{
    private readonly Lock gate = new();
    private readonly Queue<ObservedSpan> waiting = new();
    private readonly SemaphoreSlim any = new(0, 1);

    /// <summary>Spans that wait.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <inheritdoc/>
    public void Offer(ObservedSpan span)
    {
        ArgumentNullException.ThrowIfNull(span);
        lock (gate)
        {
            if (waiting.Count >= capacity)
            {
                waiting.Dequeue();
                dropped.Add();
            }
            waiting.Enqueue(span);
            if (any.CurrentCount == 0)
                any.Release();
        }
    }

    /// <summary>Takes the oldest.</summary>
    /// <param name="most">How many at most.</param>
    /// <returns>None if none waits.</returns>
    public IReadOnlyList<ObservedSpan> Take(int most)
    {
        lock (gate)
        {
            var taken = new ObservedSpan[Math.Min(most, waiting.Count)];
            for (var i = 0; i < taken.Length; i++)
                taken[i] = waiting.Dequeue();
            return taken;
        }
    }

    /// <summary>Waits until one does.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (Count == 0)
            await any.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => any.Dispose();
}
