namespace Observe.Agent.Export.Otlp;

/// <summary>
/// When the next attempt may be made: after exponentially growing, jittered pauses, and not before the receiver asked for. It
/// belongs to the receiver, not to a snapshot: a new snapshot does not end a pause.
/// </summary>
internal sealed class Backoff(OtlpOptions options, TimeProvider time, Random random)
{
    // Of a fleet that was told the same Retry-After, not all come back in the same instant.
    private const double RetryAfterSpread = 0.1;

    private int failures;
    private long pausedAt;
    private TimeSpan pause;

    /// <summary>Whether the pause under way is one that the receiver asked for.</summary>
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
    /// <param name="retryAfter">What the receiver asked for; null if nothing.</param>
    public TimeSpan Failed(TimeSpan? retryAfter)
    {
        // 2^20 is beyond any limit, and the product stays in range.
        var grown = options.RetryInitialDelay * (1L << Math.Min(failures++, 20));
        var own = (grown < options.RetryMaxDelay ? grown : options.RetryMaxDelay) * (0.5 + (0.5 * random.NextDouble()));
        var asked = retryAfter is { } wish ? (wish < options.RetryAfterLimit ? wish : options.RetryAfterLimit) * (1 + (RetryAfterSpread * random.NextDouble())) : TimeSpan.Zero;
        Asked = asked > TimeSpan.Zero;
        pause = asked > own ? asked : own;
        pausedAt = time.GetTimestamp();
        return pause;
    }

    public Task WaitAsync(CancellationToken cancellationToken) => Remaining is { Ticks: > 0 } left ? Task.Delay(left, time, cancellationToken) : Task.CompletedTask;
}
