namespace Observe.Telemetry.Model;

/// <summary>The exemplars of a snapshot's histograms, in the histograms' order; copied when they are added. Storage is reused.</summary>
internal sealed class SnapshotExemplars
{
    private int[] ends = new int[16];
    private Exemplar[] all = [];
    private int histograms;
    private int count;

    /// <summary>Those of a histogram, the smallest value first; no two of one classic bucket.</summary>
    /// <param name="histogram">Its place among the histograms of the snapshot.</param>
    public ReadOnlySpan<Exemplar> Of(int histogram) => all.AsSpan((histogram == 0 ? 0 : ends[histogram - 1])..ends[histogram]);

    /// <summary>Adds those of the next histogram.</summary>
    /// <param name="slots">Null for one that has none.</param>
    public void Add(ExemplarSlots? slots)
    {
        Reserve(1, slots is null ? 0 : ExemplarSlots.Capacity);
        if (slots is not null)
            count += slots.CopyTo(all.AsSpan(count));
        ends[histograms++] = count;
    }

    /// <summary>Moves them all behind another snapshot's.</summary>
    /// <param name="other">Where to.</param>
    public void MoveTo(SnapshotExemplars other)
    {
        other.Reserve(histograms, count);
        all.AsSpan(0, count).CopyTo(other.all.AsSpan(other.count));
        for (var i = 0; i < histograms; i++)
            other.ends[other.histograms + i] = other.count + ends[i];
        other.histograms += histograms;
        other.count += count;
        Clear();
    }

    /// <summary>Drops those that are too old at a time, or that can only be from before the clock was set back.</summary>
    /// <param name="timeUnixNano">ns since the Unix epoch.</param>
    public void DropOld(ulong timeUnixNano)
    {
        if (count == 0)
            return;
        var kept = 0;
        for (int histogram = 0, i = 0; histogram < histograms; histogram++)
        {
            for (; i < ends[histogram]; i++)
            {
                var age = Math.Max(timeUnixNano, all[i].TimeUnixNano) - Math.Min(timeUnixNano, all[i].TimeUnixNano);
                if (age <= ExemplarSlots.MaxAgeNano)
                    all[kept++] = all[i];
            }
            ends[histogram] = kept;
        }
        count = kept;
    }

    /// <summary>Drops all; storage stays.</summary>
    public void Clear() => histograms = count = 0;

    private void Reserve(int moreHistograms, int moreExemplars)
    {
        if (ends.Length < histograms + moreHistograms)
            Array.Resize(ref ends, Math.Max(histograms + moreHistograms, ends.Length * 2));
        if (all.Length < count + moreExemplars)
            Array.Resize(ref all, Math.Max(count + moreExemplars, all.Length * 2));
    }
}
