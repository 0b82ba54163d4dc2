namespace Observe.Agent.Live;

/// <summary>
/// Numbers for what a viewer is shown, each larger than all before it: who has seen one asks for what came after. They begin at the moment
/// of the agent's start, so that those of an agent that ran before are smaller. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class LiveSequence(TimeProvider time)
{
    // Microseconds: exact in the numbers of JavaScript until the year 2255.
    private long last = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>The last number that was given.</summary>
    public long Last => Interlocked.Read(ref last);

    /// <summary>The next number.</summary>
    public long Next() => Interlocked.Increment(ref last);
}
