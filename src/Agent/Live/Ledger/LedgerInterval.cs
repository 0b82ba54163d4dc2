namespace Observe.Agent.Live.Ledger;

/// <summary>Where the time of all workloads went between two looks.</summary>
/// <param name="Number">Tells it from others; a later one's is larger.</param>
/// <param name="BeginUnixNano">Since when, ns since the Unix epoch; 0 if each workload's is since its own beginning, because nobody had looked before.</param>
/// <param name="EndUnixNano">Until when, ns since the Unix epoch.</param>
/// <param name="Rows">Those who suffered most and those who ran most, the worst first.</param>
/// <param name="Others">Workloads that are not among them.</param>
/// <param name="Rest">Those, together; null if there are none.</param>
public sealed record LedgerInterval(long Number, ulong BeginUnixNano, ulong EndUnixNano, IReadOnlyList<LedgerRow> Rows, int Others, LedgerRow? Rest)
{
    /// <summary>Before the first look.</summary>
    public static LedgerInterval None { get; } = new(0, 0, 0, [], 0, null);

    /// <summary>Whether it is since each workload's own beginning.</summary>
    public bool IsSinceBeginning => BeginUnixNano == 0;
}
