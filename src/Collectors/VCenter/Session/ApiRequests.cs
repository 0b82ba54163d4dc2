using System.Collections.Concurrent;
using Observe.Collectors.VCenter.Soap;

namespace Observe.Collectors.VCenter.Session;

/// <summary>Requests to a server so far, and the logins among them. Thread-safe.</summary>
/// <param name="breaker">Is told what came of them.</param>
/// <param name="time">The clock.</param>
internal sealed class ApiRequests(CircuitBreaker breaker, TimeProvider time) : ICallObserver
{
    private readonly ConcurrentDictionary<string, MethodTotals> methods = new(StringComparer.Ordinal);
    private readonly long[] logins = new long[Enum.GetValues<LoginOutcome>().Length];
    private long answeredAt = time.GetTimestamp();

    /// <summary>By method.</summary>
    public IEnumerable<KeyValuePair<string, MethodTotals>> Methods => methods;

    /// <summary>How long there was no answer; those in which the server had only waited count as well.</summary>
    public TimeSpan Idle => time.GetElapsedTime(Interlocked.Read(ref answeredAt));

    /// <summary>Logins so far.</summary>
    /// <param name="outcome">What came of them.</param>
    public long Logins(LoginOutcome outcome) => Interlocked.Read(ref logins[(int)outcome]);

    /// <summary>Counts a login.</summary>
    /// <param name="outcome">What came of it.</param>
    public void LoggedIn(LoginOutcome outcome) => Interlocked.Increment(ref logins[(int)outcome]);

    /// <inheritdoc/>
    public void Ended(string method, CallOutcome outcome, in CallCost cost)
    {
        methods.GetOrAdd(method, static _ => new MethodTotals()).Add(outcome, cost);
        if (outcome is CallOutcome.Answered or CallOutcome.Refused)
            Interlocked.Exchange(ref answeredAt, time.GetTimestamp());
        breaker.Ended(outcome);
    }
}
