using Observe.Collectors.Stalls;
using Observe.Collectors.Traces.Verdicts;

namespace Observe.Agent.Live.Recent;

/// <summary>What a stall is besides its time.</summary>
/// <param name="Nanoseconds">How long it was, by the kernel's clock.</param>
/// <param name="Thread">Which thread.</param>
/// <param name="Cpu">Where it ran afterwards.</param>
/// <param name="Culprits">Of a wait: who ran instead, the longest first; of anything else empty.</param>
/// <param name="Verdict">Why, in a word.</param>
/// <param name="Evidence">What that was concluded from.</param>
public sealed record RecentStall(long Nanoseconds, StalledThread Thread, int Cpu, IReadOnlyList<RecentCulprit> Culprits, string Verdict, string Evidence)
{
    /// <summary>A stall, without what keeps its workload in memory.</summary>
    /// <param name="stall">The stall.</param>
    public static RecentStall Of(Stall stall)
    {
        ArgumentNullException.ThrowIfNull(stall);
        var judgement = StallVerdict.Judge(stall, isInMigration: false);
        RecentCulprit[] culprits = [.. stall.Culprits.Select(each => new RecentCulprit(each.Workload?.Name ?? each.Kind.ToLabel(), each.Kind.ToLabel(), each.Nanoseconds))];
        return new RecentStall(stall.Nanoseconds, stall.Thread, stall.Cpu, culprits, judgement.Verdict.ToWord(), judgement.Evidence);
    }
}
