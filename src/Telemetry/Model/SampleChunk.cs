namespace Observe.Telemetry.Model;

/// <summary>Some of the samples of a <see cref="SampleQueue"/>, in the order in which they were added: what is pushed, and let go of, as one.</summary>
public sealed class SampleChunk
{
    private readonly List<Entry> entries = [];
    private readonly double[] values;
    private int used;

    internal SampleChunk(int capacity) => values = new double[capacity];

    /// <summary>Values that are there; those that were not known are none.</summary>
    public int Points { get; private set; }

    /// <summary>What was added, in its order.</summary>
    public IReadOnlyList<Entry> Entries => entries;

    /// <summary>Values, known or not: what it takes of the queue's room.</summary>
    internal int Used => used;

    internal int Capacity => values.Length;

    /// <summary>The values of one entry: one for each of its series, NaN where it is not known.</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    public ReadOnlySpan<double> ValuesOf(in Entry entry) => values.AsSpan(entry.First, entry.Series.Length);

    internal bool HasRoomFor(int count) => values.Length - used >= count;

    /// <returns>Values that are known.</returns>
    internal int Add(Series[] series, ReadOnlySpan<double> each, ulong timeUnixNano)
    {
        var points = 0;
        foreach (var value in each)
            points += double.IsNaN(value) ? 0 : 1;
        entries.Add(new Entry(series, timeUnixNano, used));
        each.CopyTo(values.AsSpan(used));
        used += each.Length;
        Points += points;
        return points;
    }

    internal void Clear()
    {
        // Series of what is gone must not be kept alive by a chunk that waits to be used again.
        entries.Clear();
        used = 0;
        Points = 0;
    }

    /// <summary>What a source's series were at one moment.</summary>
    /// <param name="Series">Whose values they are; one array for as long as the source has the same series.</param>
    /// <param name="TimeUnixNano">When they were true.</param>
    /// <param name="First">Where they begin.</param>
    public readonly record struct Entry(Series[] Series, ulong TimeUnixNano, int First);
}
