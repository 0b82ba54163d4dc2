using Observe.Collectors.Self;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>The accounts of all virtual machines and hosts of a vCenter, as its inventory has them. Thread-safe.</summary>
/// <param name="kinds">What has samples.</param>
/// <param name="options">What is wanted of it.</param>
/// <param name="dropped">Counts values of objects for which there is no room.</param>
internal sealed class PerformanceAccounts(IReadOnlyList<EntityKind> kinds, PerformanceOptions options, LossCounter dropped)
{
    private readonly Dictionary<ManagedObject, EntityAccount> accounts = [];
    private readonly Dictionary<ManagedObject, long> gone = [];
    private volatile EntityAccount[] all = [];

    /// <summary>All accounts.</summary>
    public IReadOnlyList<EntityAccount> All => all;

    /// <summary>Takes over what is in the inventory. What leaves it is remembered for as long as the server may have samples of it: should it come back, none is taken in twice.</summary>
    /// <param name="inventory">The inventory.</param>
    /// <param name="since">Samples before are not wanted, in ticks of the server's clock.</param>
    /// <param name="kept">The server keeps none from before, in ticks of its clock.</param>
    public void Update(IVCenterInventory inventory, long since, long kept)
    {
        var isComplete = inventory.IsComplete;
        var seen = new HashSet<ManagedObject>();
        foreach (var kind in kinds)
        {
            foreach (var entity in inventory.All(kind.Type))
            {
                seen.Add(entity.Object);
                if (!accounts.TryGetValue(entity.Object, out var account))
                {
                    // Those that never run need none.
                    if (!entity.IsSampled)
                        continue;
                    gone.Remove(entity.Object, out var mark);
                    accounts.Add(entity.Object, account = new EntityAccount(kind, entity, Math.Max(since, mark), options.MaxInstances));
                }
                account.Update(entity);
            }
        }
        // An inventory that is being told anew has not lost what it does not have yet.
        foreach (var (entity, account) in isComplete ? accounts.Where(each => !seen.Contains(each.Key)).ToArray() : [])
        {
            accounts.Remove(entity);
            gone[entity] = account.LatestMark();
        }
        foreach (var (entity, mark) in gone)
        {
            if (mark < kept)
                gone.Remove(entity);
        }
        all = [.. accounts.Values];
    }

    /// <summary>It is another server: nothing that was known is of this one.</summary>
    public void Clear()
    {
        accounts.Clear();
        gone.Clear();
        all = [];
    }

    /// <summary>The server's clock was set.</summary>
    /// <param name="by">Ticks forward.</param>
    public void Shift(long by)
    {
        foreach (var each in accounts.Values)
            each.Shift(by);
        foreach (var entity in gone.Keys)
            gone[entity] += by;
    }

    /// <summary>Takes an answer in.</summary>
    /// <param name="samples">The answer.</param>
    /// <param name="asked">What was asked.</param>
    /// <param name="times">When samples were.</param>
    /// <param name="kept">The server keeps none from before, in ticks of its clock.</param>
    /// <param name="queue">Where each sample waits to be pushed.</param>
    /// <returns>What there was.</returns>
    public SampleCounts Take(PerfEntitySamples samples, SampleBatch asked, SampleTimes times, long kept, SampleQueue queue)
    {
        foreach (var each in asked.Asks)
        {
            if (each.Account.Object != samples.Entity)
                continue;
            var counts = each.Account.Take(samples, each.Counters, times, kept, queue);
            dropped.Add(counts.DroppedValues);
            return counts;
        }
        return default;
    }

    /// <summary>Adds the newest values of all.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="notBefore">Those before are too old to say how things are, ns since the Unix epoch.</param>
    /// <param name="isPushed">Whether each of them is pushed apart.</param>
    public void Export(SnapshotBuilder builder, ulong notBefore, bool isPushed)
    {
        foreach (var each in all)
            each.Export(builder, notBefore, isPushed);
    }
}
