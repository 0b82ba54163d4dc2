namespace Observe.Collectors;

/// <summary>
/// When the next attempt may be made: after exponentially growing, jittered pauses, and not before the peer asked for. It
/// belongs to the peer, not to what is asked of it: another request does not end a pause.
/// </summary>
/// <param name="first">The first pause, at most.</param>
/// <param name="longest">The longest pause of our own.</param>
/// <param name="longestAsked">The longest pause that a peer is granted.</param>
/// <param name="time">The clock.</param>
/// <param name="random">The jitter.</param>
public sealed class Backoff(TimeSpan first, TimeSpan longest, TimeSpan longestAsked, TimeProvider time, Random random)
{
    // Of a fleet that was told the same Retry-After, not all come back in the same instant.
    private const double RetryAfterSpread = 0.1;

    private int failures;
    private long pausedAt;
    private TimeSpan pause;

    /// <summary>Whether the pause under way is one that the peer asked for.</summary>
    public bool Asked { get; private set; }

    /// <summary>Time until the next attempt may be made.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var left = pause - time.GetElapsedTime(pausedAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Forgets all failures.</summary>
    public void Succeeded()
    {
        failures = 0;
        pause = TimeSpan.Zero;
        Asked = false;
    }

    /// <summary>Begins a pause and returns its length.</summary>
    /// <param name="retryAfter">What the peer asked for; null if nothing.</param>
    public TimeSpan Failed(TimeSpan? retryAfter)
    {
        // 2^20 is beyond any limit, and the product stays in range.
        var grown = first * (1L << Math.Min(failures++, 20));
        var own = (grown < longest ? grown : longest) * (0.5 + (0.5 * random.NextDouble()));
        var asked = retryAfter is { } wish ? (wish < longestAsked ? wish : longestAsked) * (1 + (RetryAfterSpread * random.NextDouble())) : TimeSpan.Zero;
        Asked = asked > TimeSpan.Zero;
        pause = asked > own ? asked : own;
        pausedAt = time.GetTimestamp();
        return pause;
    }

    /// <summary>Waits until the next attempt may be made.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task WaitAsync(CancellationToken cancellationToken) => Remaining is { Ticks: > 0 } left ? Task.Delay(left, time, cancellationToken) : Task.CompletedTask;
}
