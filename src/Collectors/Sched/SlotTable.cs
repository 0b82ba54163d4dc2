using System.Text;
using Observe.Bpf.Host;
using Observe.Collectors.Identity;
using Observe.Collectors.Stalls;

namespace Observe.Collectors.Sched;

/// <summary>
/// Whose the kernel's slots are. Takes notice of slots handed out, and takes back those whose cgroup is gone and that no
/// thread refers to any more, keeping what they had run up. Nothing here depends on being told of an event: the slots
/// themselves say all, so that nothing can be missed. One thread at a time.
/// </summary>
internal sealed class SlotTable : IDisposable
{
    private readonly Ledger ledger;
    private readonly LedgerReader reader;
    private readonly WorkloadRegistry registry;
    private readonly ExemplarStore exemplars;
    private readonly TimeProvider time;
    private readonly WorkloadAccount?[] accounts;
    private readonly ulong[] keys;
    private readonly Dictionary<Workload, WorkloadAccount> byWorkload = new(ReferenceEqualityComparer.Instance);
    private readonly List<WorkloadAccount> finished = [];
    private readonly List<int> leaving = [];
    private readonly List<int> released = [];
    private readonly DelayTable? delays;
    private readonly int names;
    private ulong seenGiven = ulong.MaxValue;
    private ulong seenOrphaned = ulong.MaxValue;
    private int lingering;

    /// <summary>Starts with the fixed slots.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="reader">Reads its accounts.</param>
    /// <param name="registry">Who a cgroup is.</param>
    /// <param name="exemplars">Told which workloads are exported.</param>
    /// <param name="time">The wall clock.</param>
    /// <param name="names">Culprits that are named for each workload that they made wait.</param>
    public SlotTable(Ledger ledger, LedgerReader reader, WorkloadRegistry registry, ExemplarStore exemplars, TimeProvider time, int names)
    {
        this.ledger = ledger;
        this.reader = reader;
        this.registry = registry;
        this.exemplars = exemplars;
        this.time = time;
        accounts = new WorkloadAccount?[ledger.Size.Slots];
        keys = new ulong[ledger.Size.Slots];
        CpuClosed = new CpuTotals[ledger.Size.Cpus];
        delays = ledger.Plan.Stalls ? new DelayTable(ledger) : null;
        this.names = names;
        var now = MonotonicClock.Nanoseconds;
        Open(LedgerWire.SlotUnattributed, WorkloadRegistry.Unattributed, now);
        Open(LedgerWire.SlotIdle, WorkloadRegistry.Idle, now);
        Open(LedgerWire.SlotKernel, WorkloadRegistry.Kernel, now);
    }

    /// <summary>Slots in use, fixed ones included.</summary>
    public int Used { get; private set; }

    /// <summary>What slots that were taken back had run on each CPU.</summary>
    public CpuTotals[] CpuClosed { get; }

    /// <summary>All accounts, those of workloads that are gone but not yet exported included.</summary>
    public Dictionary<Workload, WorkloadAccount>.ValueCollection Accounts => byWorkload.Values;

    /// <summary>The account that a slot belongs to, or null if it is free.</summary>
    /// <param name="slot">The slot.</param>
    public WorkloadAccount? this[int slot] => accounts[slot];

    /// <summary>Opens accounts for slots handed out since the last call.</summary>
    /// <returns>Whether there were any.</returns>
    public bool NoticeBirths()
    {
        var given = Volatile.Read(in ledger.Globals.Read<ulong>("slots_given"));
        if (given == seenGiven)
            return false;
        seenGiven = given;
        var noticed = false;
        for (var slot = LedgerWire.SlotFirst; slot < accounts.Length; slot++)
        {
            ref readonly var info = ref ledger.Slots[slot];
            var key = Volatile.Read(in info.Cgroup);
            if (key == 0 || accounts[slot] is not null)
                continue;
            keys[slot] = key;
            Open(slot, registry.Born(key, PathOf(in info), UnixNano.OfMonotonic(info.Born, time)), info.Born);
            noticed = true;
        }
        return noticed;
    }

    /// <summary>Takes back slots whose cgroup is gone and whose last thread has left.</summary>
    public void TakeBackOrphans()
    {
        var orphaned = Volatile.Read(in ledger.Globals.Read<ulong>("slots_orphaned"));
        if (orphaned == seenOrphaned && lingering == 0 && released.Count == 0)
            return;
        seenOrphaned = orphaned;
        lingering = 0;
        leaving.Clear();
        for (var slot = LedgerWire.SlotFirst; slot < accounts.Length; slot++)
        {
            if (accounts[slot] is null || Volatile.Read(in ledger.Slots[slot].Died) == 0)
                continue;
            if (reader.ThreadCount(slot) == 0)
                leaving.Add(slot);
            else
                lingering++; // a thread was moved away in its sleep: its account moves when it wakes
        }
        if (leaving.Count + released.Count > 0)
            delays?.Read();
        delays?.Release(released);
        foreach (var slot in released)
            ledger.FreeSlots.TryPush((uint)slot);
        released.Clear();
        delays?.Close(leaving);
        foreach (var slot in leaving)
            TakeBack(slot);
    }

    /// <summary>Takes over who made whom wait.</summary>
    /// <returns>Pairs of slots that the kernel keeps a sum of.</returns>
    public int ReadDelays()
    {
        delays?.Read();
        return delays?.Used ?? 0;
    }

    /// <summary>Sums up one workload's slots.</summary>
    /// <param name="labels">Whose.</param>
    /// <param name="at">The moment that open intervals are counted up to, on the run queue clock.</param>
    /// <param name="totals">Set to the sum.</param>
    /// <param name="cpus">Scratch.</param>
    /// <returns>Whether it has any.</returns>
    public bool TryRead(WorkloadLabels labels, long at, LedgerTotals totals, Span<CpuTotals> cpus)
    {
        WorkloadAccount? found = null;
        for (var slot = LedgerWire.SlotFirst; slot < accounts.Length; slot++)
        {
            if (accounts[slot] is not { } account || !ReferenceEquals(account.Workload.Labels, labels))
                continue;
            if (found is null && account.Closed is { } closed)
                totals.Set(closed);
            else if (found is null)
                totals.Clear();
            found = account;
            reader.Add(slot, at, totals, cpus);
        }
        return found is not null;
    }

    /// <summary>After a collection: forgets workloads that are gone and have now been exported for the last time.</summary>
    public void ForgetFinished()
    {
        foreach (var account in byWorkload.Values)
        {
            if (account.Slots == 0)
                finished.Add(account);
        }
        foreach (var account in finished)
        {
            byWorkload.Remove(account.Workload);
            exemplars.Close(account.Workload);
            account.Departed.ForEach(registry.Retire);
        }
        finished.Clear();
    }

    /// <summary>Nothing of it is exported any more.</summary>
    public void Dispose()
    {
        foreach (var workload in byWorkload.Keys)
            exemplars.Close(workload);
    }

    private void Open(int slot, Workload workload, ulong born)
    {
        if (!byWorkload.TryGetValue(workload, out var account))
            byWorkload[workload] = account = new WorkloadAccount(
                workload, exemplars.Open(workload, UnixNano.OfMonotonic(born, time)), ledger.Traits, ledger.Plan.Throttle, UnixNano.OfMonotonic(born, time), () => new DelayAccount(workload, names, time));
        account.Slots++;
        accounts[slot] = account;
        delays?.Open(slot, account);
        Used++;
    }

    private void TakeBack(int slot)
    {
        var account = accounts[slot]!;
        var closed = account.ClosedToFill();
        reader.ReadCarries();
        reader.Add(slot, 0, closed, CpuClosed);
        reader.AddCarries(slot, closed);
        reader.Clear(slot);
        accounts[slot] = null;
        Used--;
        account.Slots--;
        if (account.Slots > 0)
            registry.Retire(keys[slot]);
        else
            account.Departed.Add(keys[slot]);
        ledger.SlotByCgroup.Delete(keys[slot]);
        ledger.Slots.Writable(slot) = default;
        // A CPU may be about to put a wait down to it: it is another's at the next look only, if that is done at all.
        if (delays is not null)
            released.Add(slot);
        else
            ledger.FreeSlots.TryPush((uint)slot);
    }

    /// <summary>Names stand leaf first, a NUL after each.</summary>
    private static string PathOf(in LedgerSlot slot)
    {
        ReadOnlySpan<byte> path = slot.Path;
        var names = Encoding.UTF8.GetString(path[..(int)Math.Min(slot.Length, LedgerWire.PathBytes)]).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        Array.Reverse(names);
        return (slot.Cut != 0 ? "/.../" : "/") + string.Join('/', names);
    }
}
