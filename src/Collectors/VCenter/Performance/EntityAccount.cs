using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>
/// A thing's samples: up to when each of its counters was taken in, on the server's clock, and what they came to. A sample is taken in
/// once, whatever requests it comes in and in what order. Thread-safe.
/// </summary>
/// <param name="kind">What it is.</param>
/// <param name="entity">It.</param>
/// <param name="mark">Up to when there is nothing to ask for, in ticks of the server's clock.</param>
/// <param name="maxObjects">Most of its vCPUs, network cards and disks.</param>
internal sealed partial class EntityAccount(EntityKind kind, InventoryEntity entity, long mark, int maxObjects)
{
    private readonly Lock gate = new();
    private readonly long[] marks = [.. Enumerable.Repeat(mark, kind.Counters.Count)];
    private readonly Dictionary<(string Group, string Instance), SampleBlock> objects = [];
    private SampleBlock? total;
    private bool hasSample;
    private long lastCounted;
    private long lastStamp;
    private ulong lastTime;

    /// <summary>Which.</summary>
    public ManagedObject Object => Entity.Object;

    /// <summary>As the inventory has it.</summary>
    public InventoryEntity Entity { get; private set; } = entity;

    /// <summary>What it is.</summary>
    public EntityKind Kind { get; } = kind;

    /// <summary>Whether it is to be asked for samples, and shown.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Requests for it alone that failed in a row.</summary>
    public int Failures { get; set; }

    /// <summary>The round before which it is left out, because of them.</summary>
    public long SkippedUntil { get; set; }

    /// <summary>The stamp of its newest sample, in ticks of the server's clock; 0 before the first.</summary>
    public long LastStamp
    {
        get
        {
            lock (gate)
                return hasSample ? lastStamp : 0;
        }
    }

    /// <summary>Takes over what the inventory says.</summary>
    /// <param name="now">It, now.</param>
    public void Update(InventoryEntity now)
    {
        lock (gate)
        {
            if (!ReferenceEquals(now.Resource, Entity.Resource))
            {
                total?.MoveTo(now.Resource);
                foreach (var each in objects.Values)
                    each.MoveTo(now.Resource);
            }
            // What was off has no samples of that time: that is no gap.
            if (!now.IsSampled)
                hasSample = false;
            IsActive = now.IsSampled;
            Entity = now;
        }
    }

    /// <summary>The moment after which some of its counters are to be asked for, in ticks of the server's clock.</summary>
    /// <param name="counters">The counters' indices.</param>
    public long Mark(ReadOnlySpan<int> counters)
    {
        lock (gate)
        {
            var least = long.MaxValue;
            foreach (var each in counters)
                least = Math.Min(least, marks[each]);
            return least;
        }
    }

    /// <summary>The moment after which nothing of it has been asked for.</summary>
    public long LatestMark()
    {
        lock (gate)
            return marks.Max();
    }

    /// <summary>The server's clock was set.</summary>
    /// <param name="by">Ticks forward.</param>
    public void Shift(long by)
    {
        lock (gate)
        {
            for (var i = 0; i < marks.Length; i++)
                marks[i] += by;
            lastStamp += by;
            lastCounted += by;
        }
    }

    /// <summary>Adds the newest values.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="notBefore">Those before are too old to say how things are, ns since the Unix epoch.</param>
    /// <param name="isPushed">Whether each of them is pushed apart.</param>
    public void Export(SnapshotBuilder builder, ulong notBefore, bool isPushed)
    {
        lock (gate)
        {
            if (!IsActive)
                return;
            total?.Export(builder, notBefore, isPushed);
            foreach (var each in objects.Values)
                each.Export(builder, notBefore, isPushed);
        }
    }
}
