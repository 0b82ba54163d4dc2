using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent.Live.Ledger;

/// <summary>
/// Where the time went from look to look, for as long as somebody looks: differences between collections that others made or shared. One
/// thread at a time.
/// </summary>
/// <param name="sequence">Numbers the intervals.</param>
public sealed class LedgerHistory(LiveSequence sequence)
{
    /// <summary>Intervals kept: five minutes of a look every 2 s.</summary>
    public const int Kept = 150;

    /// <summary>Workloads of each order that have a row of their own: those who suffered most, and those who ran most.</summary>
    public const int OfEachOrder = 24;

    /// <summary>Nobody has looked for so long: the next look is a first one. A mean over longer says little of now.</summary>
    private const ulong Stale = 30_000_000_000;

    private readonly Dictionary<Resource, LedgerAccount> accounts = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<LedgerInterval> intervals = new();
    private ulong lastEnd;

    /// <summary>All that is kept, the oldest first; no interval is in it that is since each workload's own beginning.</summary>
    public IReadOnlyCollection<LedgerInterval> Intervals => intervals;

    /// <summary>Takes a look.</summary>
    /// <param name="snapshot">What was collected.</param>
    /// <returns>What went by since the one before.</returns>
    public LedgerInterval Take(MetricSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var end = snapshot.TimeUnixNano;
        // A clock that was set back ends what can be compared, too.
        var begin = lastEnd != 0 && end > lastEnd && end - lastEnd <= Stale ? lastEnd : 0;
        Read(snapshot);
        lastEnd = end;
        List<LedgerRow> rows = [.. accounts.Values.Select(each => each.Row(begin, end))];
        var interval = Select(rows, begin, end);
        if (begin != 0)
        {
            intervals.Enqueue(interval);
            if (intervals.Count > Kept)
                intervals.Dequeue();
        }
        return interval;
    }

    private void Read(MetricSnapshot snapshot)
    {
        foreach (var each in accounts.Values)
            each.Begin();
        foreach (var family in snapshot.Families)
        {
            if (!ReferenceEquals(family.Metric, MetricCatalog.ThreadTime) && !ReferenceEquals(family.Metric, MetricCatalog.VcpuTime))
                continue;
            foreach (ref readonly var point in family.Points)
            {
                var state = LiveStates.PlaceOf(point.Series);
                if (state < 0)
                    continue;
                if (!accounts.TryGetValue(point.Series.Resource, out var account))
                    accounts.Add(point.Series.Resource, account = new LedgerAccount(point.Series));
                account.Add(state, point.Value);
            }
        }
        foreach (var (resource, account) in accounts)
        {
            if (!account.IsSeen)
                accounts.Remove(resource);
        }
    }

    private LedgerInterval Select(List<LedgerRow> rows, ulong begin, ulong end)
    {
        rows.Sort(static (one, other) => Compare(other.Suffering, one.Suffering, other, one));
        var shown = rows.Take(OfEachOrder).ToHashSet(ReferenceEqualityComparer.Instance);
        shown.UnionWith(rows.OrderByDescending(each => each.Known(LiveStates.Running)).Take(OfEachOrder));
        LedgerRow[] rest = [.. rows.Where(each => !shown.Contains(each))];
        return new LedgerInterval(
            sequence.Next(), begin, end, [.. rows.Where(shown.Contains)], rest.Length, rest.Length == 0 ? null : Sum(rest));
    }

    /// <summary>Those who are alike by the name, so that rows do not change places without a reason.</summary>
    private static int Compare(float one, float other, LedgerRow first, LedgerRow second)
    {
        var order = one.CompareTo(other);
        order = order != 0 ? order : first.Known(LiveStates.Running).CompareTo(second.Known(LiveStates.Running));
        return order != 0 ? order : string.CompareOrdinal(second.Workload?.Key, first.Workload?.Key);
    }

    private static LedgerRow Sum(LedgerRow[] rows)
    {
        var rates = new float[LiveStates.Count];
        for (var state = 0; state < rates.Length; state++)
            rates[state] = Array.TrueForAll(rows, each => float.IsNaN(each.Rates[state])) ? float.NaN : rows.Sum(each => each.Known(state));
        return new LedgerRow(null, rates);
    }
}
