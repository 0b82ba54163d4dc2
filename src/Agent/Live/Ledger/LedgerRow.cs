using Observe.Agent.Live.Recent;

namespace Observe.Agent.Live.Ledger;

/// <summary>Where the time of one workload went in an interval.</summary>
/// <param name="Workload">Whose; null for all others together.</param>
/// <param name="Rates">By <see cref="LiveStates.All"/>: seconds of threads a second, so the mean number of threads in that state; NaN where it is not known.</param>
public sealed record LedgerRow(LiveSubject? Workload, IReadOnlyList<float> Rates)
{
    /// <summary>Threads that wanted to go on and could not.</summary>
    public float Suffering => Known(LiveStates.Waiting) + Known(LiveStates.Throttled) + Known(LiveStates.Blocked);

    /// <summary>Of a state, 0 where it is not known.</summary>
    /// <param name="state">Its place.</param>
    public float Known(int state) => float.IsNaN(Rates[state]) ? 0 : Rates[state];
}
