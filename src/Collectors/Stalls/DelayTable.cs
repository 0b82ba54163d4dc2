using System.Runtime.InteropServices;
using Observe.Collectors.Identity;
using Observe.Collectors.Sched;

namespace Observe.Collectors.Stalls;

/// <summary>
/// Takes what the kernel has put down between slots over to the workloads they belong to. The kernel only ever adds, so what
/// came to a sum since the last reading is who the slots are now: a slot's sums are taken over before it can be another's.
/// One thread at a time.
/// </summary>
/// <param name="ledger">Where the sums are.</param>
internal sealed class DelayTable(Ledger ledger)
{
    private readonly ulong[] keys = new ulong[ledger.Delays.MaxEntries];
    private readonly ulong[] sums = new ulong[ledger.Delays.MaxEntries];
    private readonly Dictionary<ulong, ulong> taken = [];
    private readonly WorkloadAccount?[] owners = new WorkloadAccount?[ledger.Size.Slots];
    private readonly StallVictim[] takenOf = new StallVictim[ledger.Size.Slots];

    /// <summary>Pairs of slots in the kernel's table at the last reading.</summary>
    public int Used { get; private set; }

    /// <summary>A slot belongs to a workload from now on.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="owner">The workload's account.</param>
    public void Open(int slot, WorkloadAccount owner) => owners[slot] = owner;

    /// <summary>Takes over what has come since the last time.</summary>
    public void Read()
    {
        // The parts first: a wait that ends meanwhile is in the sum at most, not in a part alone.
        Used = ledger.Delays.ReadAll(keys, sums);
        for (var i = 0; i < Used; i++)
            Take(keys[i], sums[i]);
        for (var slot = 0; slot < owners.Length; slot++)
        {
            if (owners[slot] is { } owner)
                TakeFixed(slot, owner);
        }
    }

    /// <summary>
    /// Slots that no thread refers to any more: as victims they are read for the last time. As culprits they may still be found
    /// by a walk that is under way; so they are not given to others before <see cref="Release"/>.
    /// </summary>
    /// <param name="slots">Which; read just now.</param>
    public void Close(IReadOnlyList<int> slots)
    {
        Delete(slots, key => (int)(key >> 32));
        foreach (var slot in slots)
        {
            ledger.Victims.Writable(slot) = StallLimiter.NewVictim(ledger.Stalls);
            takenOf[slot] = default;
        }
    }

    /// <summary>Closed slots are free for others.</summary>
    /// <param name="slots">Which; read just now.</param>
    public void Release(IReadOnlyList<int> slots)
    {
        Delete(slots, key => (int)(uint)key);
        foreach (var slot in slots)
        {
            var workload = owners[slot] is { Slots: 0 } gone ? gone.Workload : null;
            owners[slot] = null;
            if (workload is not null)
                Forget(workload);
        }
    }

    private static ulong Since(ulong now, ulong before) => now - before;

    private void Take(ulong key, ulong sum)
    {
        var (victim, culprit) = ((int)(key >> 32), (int)(uint)key);
        // A slot that was handed out a moment ago: next time.
        if (victim >= owners.Length || culprit >= owners.Length || owners[victim] is not { } owner || owners[culprit] is not { } cause)
            return;
        ref var before = ref CollectionsMarshal.GetValueRefOrAddDefault(taken, key, out _);
        var more = (long)Since(sum, before);
        before = sum;
        if (more != 0)
            owner.DelaysToFill().Add(cause.Workload, more);
    }

    private void TakeFixed(int slot, WorkloadAccount owner)
    {
        var now = ledger.Victims[slot];
        ref var before = ref takenOf[slot];
        if (now.Waits == before.Waits && now.Charged == before.Charged && now.Other == before.Other)
            return;
        var more = new StallVictim
        {
            Charged = Since(now.Charged, before.Charged),
            Irq = Since(now.Irq, before.Irq),
            Steal = Since(now.Steal, before.Steal),
            Idle = Since(now.Idle, before.Idle),
            Unknown = Since(now.Unknown, before.Unknown),
            Other = Since(now.Other, before.Other),
        };
        before = now;
        owner.DelaysToFill().Add(in more);
    }

    private void Forget(Workload workload)
    {
        foreach (var owner in owners)
            owner?.Delays?.Forget(workload);
    }

    private void Delete(IReadOnlyList<int> slots, Func<ulong, int> slotOf)
    {
        if (slots.Count == 0)
            return;
        for (var i = 0; i < Used; i++)
        {
            if (!slots.Contains(slotOf(keys[i])))
                continue;
            ledger.Delays.Delete(keys[i]);
            taken.Remove(keys[i]);
        }
    }
}
