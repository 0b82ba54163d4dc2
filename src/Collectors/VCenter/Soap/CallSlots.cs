namespace Observe.Collectors.VCenter.Soap;

/// <summary>How many requests are under way at once: a few that the server works at, and besides them those in which it only waits. Thread-safe.</summary>
#pragma warning disable CA1001 // Who waits for a turn of semaphores that are disposed of waits for ever; they hold nothing that is not memory.
internal sealed class CallSlots
#pragma warning restore CA1001
{
    /// <summary>Requests that the server works at: so many that one slow one holds up nothing, so few that it is no burden.</summary>
    public const int Working = 4;

    /// <summary>Requests in which it waits for something to change: one for each part that follows something.</summary>
    public const int Waiting = 8;

    private readonly SemaphoreSlim working = new(Working);
    private readonly SemaphoreSlim waiting = new(Waiting);
    private long waits;

    /// <summary>Requests so far that had to wait for their turn.</summary>
    public long Waits => Interlocked.Read(ref waits);

    /// <summary>Waits for a turn.</summary>
    /// <param name="isWaiting">Whether the server only waits in it.</param>
    /// <param name="patience">How long.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>To be given back when the request has ended; null if there was no turn in time.</returns>
    public async Task<SemaphoreSlim?> EnterAsync(bool isWaiting, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var slots = isWaiting ? waiting : working;
        if (slots.Wait(0, CancellationToken.None))
            return slots;
        Interlocked.Increment(ref waits);
        using var deadline = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await slots.WaitAsync(either.Token).ConfigureAwait(false);
            return slots;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Gives a turn back.</summary>
    /// <param name="slot">What was given out for it.</param>
    public static void Leave(SemaphoreSlim slot) => slot.Release();
}
