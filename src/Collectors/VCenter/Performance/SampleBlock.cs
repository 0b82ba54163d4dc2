using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>The series of a thing, or of one of its objects, with what they have come to. Guarded by the lock of its account.</summary>
internal sealed class SampleBlock
{
    private readonly SampleLayout layout;
    private readonly string instance;
    private readonly ulong start;
    private readonly double[] sums;
    private readonly double[] latest;
    private readonly ulong[] times;
    private readonly double[] pending;
    private Series[] series;

    /// <summary>Begins to count.</summary>
    /// <param name="layout">Which series.</param>
    /// <param name="resource">Whose.</param>
    /// <param name="instance">Of which object; empty for the thing itself.</param>
    /// <param name="start">Since when they count, ns since the Unix epoch.</param>
    public SampleBlock(SampleLayout layout, Resource resource, string instance, ulong start)
    {
        this.layout = layout;
        this.instance = instance;
        this.start = start;
        series = layout.MakeSeries(resource, instance, start);
        sums = new double[series.Length];
        times = new ulong[series.Length];
        latest = new double[series.Length];
        pending = new double[series.Length];
        Array.Fill(latest, double.NaN);
        Array.Fill(pending, double.NaN);
    }

    /// <summary>Whether the sample being taken in has values for it.</summary>
    public bool IsTouched { get; private set; }

    /// <summary>The thing's attributes are others now: it has moved.</summary>
    /// <param name="resource">Whose the series are.</param>
    public void MoveTo(Resource resource) => series = layout.MakeSeries(resource, instance, start);

    /// <summary>Takes a value of the sample in.</summary>
    /// <param name="counter">The counter's index.</param>
    /// <param name="value">It.</param>
    /// <param name="cpus">vCPUs.</param>
    public void Put(int counter, long value, int cpus)
    {
        foreach (var slot in layout.SlotsOf(counter))
        {
            // Of a server that says it twice, once counts.
            if (!double.IsNaN(pending[slot]))
                continue;
            var use = layout.Uses[slot];
            pending[slot] = use.Kind switch
            {
                SeriesKind.Counter => (sums[slot] += value) * use.Factor,
                SeriesKind.PerCpu => cpus > 0 ? value * use.Factor / cpus : double.NaN,
                _ => value * use.Factor,
            };
            IsTouched = true;
        }
    }

    /// <summary>There is no value: what is not known is absent, and not what it was before.</summary>
    /// <param name="counter">The counter's index.</param>
    public void PutMissing(int counter)
    {
        foreach (var slot in layout.SlotsOf(counter))
        {
            if (layout.Uses[slot].Kind != SeriesKind.Counter)
                latest[slot] = double.NaN;
        }
    }

    /// <summary>The sample's end: its values are pushed, and the newest.</summary>
    /// <param name="time">When it was taken, ns since the Unix epoch.</param>
    /// <param name="queue">Where each waits to be pushed.</param>
    public void Flush(ulong time, SampleQueue queue)
    {
        queue.Add(series, pending, time);
        for (var slot = 0; slot < pending.Length; slot++)
        {
            if (double.IsNaN(pending[slot]))
                continue;
            (latest[slot], times[slot]) = (pending[slot], time);
            pending[slot] = double.NaN;
        }
        IsTouched = false;
    }

    /// <summary>Adds the newest values.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="notBefore">Those before are too old to say how things are, ns since the Unix epoch.</param>
    /// <param name="isPushed">Whether each of them is pushed apart.</param>
    public void Export(SnapshotBuilder builder, ulong notBefore, bool isPushed)
    {
        for (var slot = 0; slot < series.Length; slot++)
        {
            if (times[slot] < notBefore || double.IsNaN(latest[slot]))
                continue;
            if (isPushed)
                builder.AddPushedApart(series[slot], latest[slot]);
            else
                builder.Add(series[slot], latest[slot], times[slot]);
        }
    }
}
