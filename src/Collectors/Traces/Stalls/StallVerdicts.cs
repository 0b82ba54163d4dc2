using System.Diagnostics;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces.Verdicts;

namespace Observe.Collectors.Traces.Stalls;

/// <summary>Counts each stall's verdict with its workload.</summary>
/// <param name="store">Where the workloads' accounts are.</param>
public sealed class StallVerdicts(ExemplarStore store) : IStallObserver
{
    /// <inheritdoc/>
    public void Decided(Stall stall, Verdict verdict, ActivityTraceId trace, ActivitySpanId span) => store.Count(stall, verdict);
}
