using Observe.Collectors.VCenter.Soap;

namespace Observe.Collectors.VCenter.Session;

/// <summary>
/// After some failures in a row to reach a server, fails at once for a while, so that nobody waits for it in vain and it is left in
/// peace; then lets one request through to see. Thread-safe.
/// </summary>
/// <param name="timings">How many, and how long.</param>
/// <param name="time">The clock.</param>
internal sealed class CircuitBreaker(SessionTimings timings, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Backoff pause = new(timings.FirstBreak, timings.LongestBreak, timings.LongestBreak, time, new Random());
    private int failures;
    private bool isTrying;

    /// <summary>Whether it fails at once.</summary>
    public bool IsOpen
    {
        get
        {
            lock (gate)
                return failures >= timings.Failures;
        }
    }

    /// <summary>Asks to be let through.</summary>
    /// <param name="wait">If not: how long until one is.</param>
    /// <returns>Whether it may be asked.</returns>
    public bool TryEnter(out TimeSpan wait)
    {
        lock (gate)
        {
            wait = TimeSpan.Zero;
            if (failures < timings.Failures)
                return true;
            wait = pause.Remaining;
            if (wait > TimeSpan.Zero || isTrying)
                return false;
            isTrying = true;
            return true;
        }
    }

    /// <summary>Who was let through has ended, whatever came of it.</summary>
    public void Leave()
    {
        lock (gate)
            isTrying = false;
    }

    /// <summary>A request has ended.</summary>
    /// <param name="outcome">What came of it.</param>
    public void Ended(CallOutcome outcome)
    {
        lock (gate)
        {
            switch (outcome)
            {
                case CallOutcome.Unreachable or CallOutcome.Late or CallOutcome.Invalid:
                    // Requests that were under way when it opened, and end while it is, are no news.
                    if (++failures == timings.Failures || (failures > timings.Failures && pause.Remaining == TimeSpan.Zero))
                        pause.Failed(null);
                    isTrying = false;
                    break;
                case not CallOutcome.Cancelled:
                    failures = 0;
                    pause.Succeeded();
                    isTrying = false;
                    break;
            }
        }
    }
}
