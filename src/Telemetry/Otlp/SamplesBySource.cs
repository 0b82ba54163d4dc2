using Observe.Telemetry.Model;

namespace Observe.Telemetry.Otlp;

/// <summary>
/// The entries of a chunk by the series that they are of, each in its order: a source that is read again after an outage has many in a
/// row, and its resource and its metrics' descriptions travel once.
/// </summary>
internal sealed class SamplesBySource
{
    private readonly Dictionary<Series[], int> groups = new(ReferenceEqualityComparer.Instance);
    private readonly List<Series[]> sources = [];
    private int[] groupOf = [];
    private int[] ends = [];
    private SampleChunk.Entry[] sorted = [];

    /// <summary>Sources that are in the chunk.</summary>
    public int Count => sources.Count;

    /// <summary>The series of a source.</summary>
    public Series[] SeriesOf(int group) => sources[group];

    /// <summary>Its entries.</summary>
    public ReadOnlySpan<SampleChunk.Entry> EntriesOf(int group) => sorted.AsSpan((group == 0 ? 0 : ends[group - 1])..ends[group]);

    public void Sort(SampleChunk chunk)
    {
        Clear();
        var entries = chunk.Entries;
        if (sorted.Length < entries.Count)
        {
            groupOf = new int[entries.Count];
            ends = new int[entries.Count];
            sorted = new SampleChunk.Entry[entries.Count];
        }
        Array.Clear(ends);
        for (var i = 0; i < entries.Count; i++)
        {
            if (!groups.TryGetValue(entries[i].Series, out var group))
            {
                groups.Add(entries[i].Series, group = sources.Count);
                sources.Add(entries[i].Series);
            }
            groupOf[i] = group;
            ends[group]++;
        }
        // Counts become ends by way of beginnings: filling a group moves its beginning to its end.
        for (int group = 0, at = 0; group < sources.Count; group++)
            (ends[group], at) = (at, at + ends[group]);
        for (var i = 0; i < entries.Count; i++)
            sorted[ends[groupOf[i]]++] = entries[i];
    }

    public void Clear()
    {
        groups.Clear();
        sources.Clear();
        Array.Clear(sorted);
    }
}
