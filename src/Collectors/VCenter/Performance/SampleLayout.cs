using System.Collections.Concurrent;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>The series of a thing, or of one of its objects: which there are, in what order, and which counter fills which.</summary>
internal sealed class SampleLayout
{
    /// <summary>Names of objects whose labels are kept: things of a kind have few between them (<c>0</c>, <c>vmnic1</c>, <c>scsi0:0</c>).</summary>
    private const int MaxShared = 4096;

    private readonly int[][] slotsOf;
    private readonly ConcurrentDictionary<string, LabelSet[]> shared = new();

    /// <summary>Lays them out, those of one metric beside each other: so they are one metric in a request.</summary>
    /// <param name="counters">All counters of the kind.</param>
    /// <param name="wanted">Which of their series, by the counter's index.</param>
    public SampleLayout(IReadOnlyList<CounterUse> counters, Func<int, SeriesUse, bool> wanted)
    {
        var all = counters.SelectMany((counter, index) => counter.Series.Where(use => wanted(index, use)).Select(use => (Counter: index, Use: use)));
        var slots = all.GroupBy(each => each.Use.Metric).SelectMany(metric => metric).ToArray();
        Uses = [.. slots.Select(each => each.Use)];
        slotsOf = [.. counters.Select((_, index) => Enumerable.Range(0, slots.Length).Where(slot => slots[slot].Counter == index).ToArray())];
    }

    /// <summary>What each is.</summary>
    public IReadOnlyList<SeriesUse> Uses { get; }

    /// <summary>The places that a counter fills.</summary>
    /// <param name="counter">The counter's index.</param>
    public ReadOnlySpan<int> SlotsOf(int counter) => slotsOf[counter];

    /// <summary>Makes the series.</summary>
    /// <param name="resource">Whose they are.</param>
    /// <param name="instance">Of which object; empty for the thing itself.</param>
    /// <param name="start">Since when they count, ns since the Unix epoch.</param>
    public Series[] MakeSeries(Resource resource, string instance, ulong start) => Array.ConvertAll(LabelsOf(instance), labels => new Series(labels, resource, start));

    private LabelSet[] LabelsOf(string instance)
    {
        if (shared.TryGetValue(instance, out var known))
            return known;
        LabelSet[] made = [.. Uses.Select(use => new LabelSet(use.Metric, use.HasObject ? [.. use.Labels, instance] : use.Labels))];
        return shared.Count < MaxShared ? shared.GetOrAdd(instance, made) : made;
    }
}
