using Observe.Agent.Live.Ledger;

namespace Observe.Agent.Live;

/// <summary>What one look at the metrics showed; all who look within a second are shown the same.</summary>
/// <param name="Interval">Where the time went since the look before.</param>
/// <param name="History">The intervals before it, and itself unless it is since each workload's own beginning; the oldest first.</param>
/// <param name="Clocks">How well clocks are known.</param>
public sealed record LiveLook(LedgerInterval Interval, IReadOnlyList<LedgerInterval> History, IReadOnlyList<ClockQuality> Clocks)
{
    /// <summary>Nothing is known.</summary>
    public static LiveLook Nothing { get; } = new(LedgerInterval.None, [], []);
}
