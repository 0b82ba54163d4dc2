using System.Collections.Concurrent;

namespace Observe.Collectors.Self;

/// <summary>
/// Every bound in user space that can be hit, by reason: <c>observe_lost_total</c>. Reasons are asked for once, by the part
/// that owns the bound, never made up from input; so their number is bounded by the code.
/// </summary>
public sealed class LossCounters
{
    private readonly ConcurrentDictionary<string, LossCounter> counters = new(StringComparer.Ordinal);

    /// <summary>All counters so far.</summary>
    public IEnumerable<LossCounter> All => counters.Values;

    /// <summary>The counter of a reason; the same one for the same reason. Exported as 0 from then on.</summary>
    /// <param name="reason">snake_case, constant in the code.</param>
    public LossCounter Counter(string reason) => counters.GetOrAdd(reason, static each => new LossCounter(each));
}
