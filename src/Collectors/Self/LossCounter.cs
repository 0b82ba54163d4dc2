namespace Observe.Collectors.Self;

/// <summary>How much was lost for one reason; counted from any thread.</summary>
/// <param name="reason">The <c>reason</c> label, snake_case.</param>
public sealed class LossCounter(string reason)
{
    private long value;

    /// <summary>The <c>reason</c> label.</summary>
    public string Reason { get; } = reason;

    /// <summary>Number of items lost so far.</summary>
    public long Value => Interlocked.Read(ref value);

    /// <summary>Counts lost items.</summary>
    /// <param name="items">How many; not negative.</param>
    public void Add(long items = 1) => Interlocked.Add(ref value, items);
}
