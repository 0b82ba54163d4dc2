using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Performance;

internal sealed partial class EntityAccount
{
    /// <summary>Takes an answer in.</summary>
    /// <param name="samples">The answer; in whatever order.</param>
    /// <param name="counters">The server's numbers.</param>
    /// <param name="times">When samples were.</param>
    /// <param name="kept">The server keeps none from before, in ticks of its clock.</param>
    /// <param name="queue">Where each sample waits to be pushed.</param>
    /// <returns>What there was.</returns>
    public SampleCounts Take(PerfEntitySamples samples, KindCounters counters, SampleTimes times, long kept, SampleQueue queue)
    {
        var order = Enumerable.Range(0, samples.Times.Count).ToArray();
        Array.Sort(samples.Times.Select(each => each.UtcTicks).ToArray(), order);
        var counts = new SampleCounts();
        lock (gate)
        {
            var targets = new SampleBlock?[samples.Series.Count];
            var indices = samples.Series.Select(each => counters.IndexOf(each.Counter)).ToArray();
            foreach (var at in order)
            {
                var stamp = samples.Times[at];
                var isNew = false;
                for (var i = 0; i < indices.Length; i++)
                {
                    if (indices[i] < 0 || stamp.UtcTicks <= marks[indices[i]])
                        continue;
                    targets[i] ??= BlockOf(indices[i], samples.Series[i].Instance, stamp, times);
                    var value = ValueAt(samples.Series[i], at);
                    Put(targets[i], indices[i], value, ref counts);
                    isNew |= indices[i] == 0 && value >= 0;
                }
                if (isNew)
                    CountSample(stamp.UtcTicks, kept, ref counts);
                Flush(targets, stamp, times, queue);
            }
            if (order.Length > 0)
                Advance(indices, samples.Times[order[^1]].UtcTicks);
        }
        return counts;
    }

    private static long ValueAt(PerfSeries series, int at) => at < series.Values.Count ? series.Values[at] : -1;

    private void Put(SampleBlock? block, int counter, long value, ref SampleCounts counts)
    {
        if (block is null)
        {
            counts.DroppedValues++;
        }
        else if (value < 0)
        {
            counts.MissingValues++;
            block.PutMissing(counter);
        }
        else
        {
            counts.Values++;
            block.Put(counter, value, Entity.Cpus);
        }
    }

    private void Flush(SampleBlock?[] targets, DateTimeOffset stamp, SampleTimes times, SampleQueue queue)
    {
        var time = times.Of(stamp);
        // Series go forward only, whatever the server's clock was set to.
        if (stamp.UtcTicks > lastStamp && time <= lastTime)
            time = lastTime + (ulong)TimeSpan.NanosecondsPerTick;
        foreach (var block in targets)
        {
            if (block is not { IsTouched: true })
                continue;
            block.Flush(time, queue);
            lastStamp = Math.Max(lastStamp, stamp.UtcTicks);
            lastTime = Math.Max(lastTime, time);
        }
    }

    private void CountSample(long stamp, long kept, ref SampleCounts counts)
    {
        counts.Samples++;
        var before = hasSample ? lastCounted : stamp - RealTime.Ticks;
        var gap = Math.Max(0, ((stamp - before + (RealTime.Ticks / 2)) / RealTime.Ticks) - 1);
        var unkept = Math.Clamp((kept - before) / RealTime.Ticks, 0, gap);
        counts.RetentionGaps += unkept;
        counts.ServerGaps += gap - unkept;
        lastCounted = stamp;
        hasSample = true;
    }

    private void Advance(int[] indices, long newest)
    {
        foreach (var index in indices)
        {
            if (index >= 0)
                marks[index] = Math.Max(marks[index], newest);
        }
    }

    private SampleBlock? BlockOf(int counter, string instance, DateTimeOffset stamp, SampleTimes times)
    {
        var use = Kind.Counters[counter];
        // Some simulators say the question again for an answer.
        if (instance == "*" && !use.IsOfObjects)
            instance = "";
        if (instance.Length == 0 && !use.IsOfObjects)
            return total ??= new SampleBlock(Kind.Total, Entity.Resource, "", Start());
        if (Kind.ObjectsOf(use.Group) is not { } layout)
            return null;
        if (!objects.TryGetValue((use.Group, instance), out var block) && objects.Count < maxObjects)
            objects.Add((use.Group, instance), block = new SampleBlock(layout, Entity.Resource, instance, Start()));
        return block;

        ulong Start() => times.Of(stamp) - (RealTime.Seconds * 1_000_000_000UL);
    }
}
