using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Events;

/// <summary>
/// A counter by a label whose values are not known beforehand: the first so many have series of their own, the rest is <c>other</c>.
/// Counted by one thread at a time, exported by any without allocating.
/// </summary>
/// <param name="most">Values that have series of their own.</param>
/// <param name="make">Makes the series of a value.</param>
internal sealed class BoundedCounts(int most, Func<string, Series> make)
{
    private const string Other = "other";

    private readonly Dictionary<string, Counted> byValue = new(StringComparer.Ordinal);
    private volatile Counted[] all = [];

    /// <summary>Counts one.</summary>
    /// <param name="value">The label's value.</param>
    public void Add(string value)
    {
        if (!byValue.TryGetValue(value, out var counted))
        {
            if (byValue.Count >= most && value != Other)
            {
                Add(Other);
                return;
            }
            byValue.Add(value, counted = new Counted(make(value)));
            all = [.. all, counted];
        }
        Interlocked.Increment(ref counted.Value);
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        foreach (var each in all)
            builder.Add(each.Series, Interlocked.Read(ref each.Value));
    }

    private sealed class Counted(Series series)
    {
        public long Value;

        public Series Series { get; } = series;
    }
}
