using Observe.Collectors.VCenter.Soap;

namespace Observe.Collectors.VCenter.Session;

/// <summary>Requests of one method so far. Thread-safe.</summary>
internal sealed class MethodTotals
{
    /// <summary>What may come of requests.</summary>
    public static IReadOnlyList<CallOutcome> Outcomes { get; } = Enum.GetValues<CallOutcome>();

    private readonly long[] counts = new long[Outcomes.Count];
    private long sent;
    private long received;
    private long ticks;

    /// <summary>How many.</summary>
    /// <param name="outcome">What came of them.</param>
    public long this[CallOutcome outcome] => Interlocked.Read(ref counts[(int)outcome]);

    /// <summary>Bytes of their bodies.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Bytes of the answers' bodies, as they came.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>How long they took together.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(Interlocked.Read(ref ticks));

    /// <summary>Adds one.</summary>
    /// <param name="outcome">What came of it.</param>
    /// <param name="cost">What it took.</param>
    public void Add(CallOutcome outcome, in CallCost cost)
    {
        Interlocked.Increment(ref counts[(int)outcome]);
        Interlocked.Add(ref sent, cost.Sent);
        Interlocked.Add(ref received, cost.Received);
        Interlocked.Add(ref ticks, cost.Duration.Ticks);
    }
}
