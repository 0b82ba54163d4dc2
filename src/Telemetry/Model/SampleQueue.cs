using System.Diagnostics.CodeAnalysis;

namespace Observe.Telemetry.Model;

/// <summary>
/// Samples with times of their own that no newer one may replace: each waits here until the receiver has taken it, however long it is
/// down, within a bound. Beside the snapshot, of which Prometheus gets the newest value only; what is in here is pushed and never
/// scraped. Until somebody pushes, nothing is kept. Thread-safe; one reader.
/// </summary>
/// <param name="maxValues">Most values, 8 bytes each, that wait; beyond, the oldest are let go of.</param>
/// <param name="dropped">Told how many points that cost.</param>
[SuppressMessage("Naming", "CA1711", Justification = "it is a queue, of which more is done with than Queue<T> can")]
public sealed class SampleQueue(long maxValues, Action<long> dropped)
{
    /// <summary>Room for an hour of 20 s samples of 1,000 virtual machines with 46 series each: 64 MiB, taken only while they wait.</summary>
    public const long DefaultMaxValues = 8 * 1024 * 1024;

    /// <summary>Values of a chunk: some MiB once they are encoded.</summary>
    private const int ChunkValues = 16 * 1024;

    /// <summary>Chunks kept for reuse.</summary>
    private const int Spare = 8;

    private readonly Lock gate = new();
    private readonly LinkedList<SampleChunk> chunks = [];
    private readonly Stack<SampleChunk> spare = [];
    private SampleChunk? taken;
    private long values;
    private long waiting;
    private volatile bool open;

    /// <summary>Whether somebody pushes what is added.</summary>
    public bool IsOpen => open;

    /// <summary>Points that the receiver has not taken yet.</summary>
    public long Waiting => Interlocked.Read(ref waiting);

    /// <summary>Begins to keep what is added: the caller pushes it.</summary>
    public void Open() => open = true;

    /// <summary>Adds what a source's series were at one moment. For each series, later calls are of later moments.</summary>
    /// <param name="series">The series, all of one resource, none of them a histogram: an array that is not changed any more, the same one every time.</param>
    /// <param name="each">Their values in the same order; NaN where there is none.</param>
    /// <param name="timeUnixNano">When, ns since the Unix epoch.</param>
    public void Add(Series[] series, ReadOnlySpan<double> each, ulong timeUnixNano)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.Length != each.Length)
            throw new ArgumentException($"{each.Length} values for {series.Length} series", nameof(each));
        if (!open || each.IsEmpty)
            return;
        long lost;
        lock (gate)
        {
            lost = MakeRoom(each.Length);
            if (chunks.Last?.Value is not { } last || !last.HasRoomFor(each.Length))
                chunks.AddLast(last = Rent(each.Length));
            waiting += last.Add(series, each, timeUnixNano);
            values += each.Length;
        }
        if (lost > 0)
            dropped(lost);
    }

    /// <summary>Takes the oldest; they are kept until <see cref="Done"/>.</summary>
    /// <returns>Null if there are none.</returns>
    /// <exception cref="InvalidOperationException">The last ones are not done with.</exception>
    public SampleChunk? Take()
    {
        lock (gate)
        {
            if (taken is not null)
                throw new InvalidOperationException("the samples that were taken last are not done with");
            if (chunks.First is not { } first)
                return null;
            chunks.RemoveFirst();
            return taken = first.Value;
        }
    }

    /// <summary>Lets go of what was taken: delivered, or refused for good.</summary>
    /// <param name="chunk">What <see cref="Take"/> returned.</param>
    public void Done(SampleChunk chunk)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        lock (gate)
        {
            if (!ReferenceEquals(chunk, taken))
                throw new InvalidOperationException("not what was taken last");
            taken = null;
            Free(chunk);
        }
    }

    private long MakeRoom(int count)
    {
        var lost = 0L;
        while (values + count > maxValues && chunks.First is { } oldest)
        {
            lost += oldest.Value.Points;
            chunks.RemoveFirst();
            Free(oldest.Value);
        }
        return lost;
    }

    private SampleChunk Rent(int count)
    {
        if (count <= ChunkValues && spare.TryPop(out var used))
            return used;
        return new SampleChunk(Math.Max(count, ChunkValues));
    }

    private void Free(SampleChunk chunk)
    {
        waiting -= chunk.Points;
        values -= chunk.Used;
        chunk.Clear();
        if (chunk.Capacity == ChunkValues && spare.Count < Spare)
            spare.Push(chunk);
    }
}
