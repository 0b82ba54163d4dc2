using Observe.Bpf.Maps;
using Observe.Collectors.Migrations;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Sched;

/// <summary>Reads accounts out of the memory that the kernel writes, each as it was at one moment.</summary>
/// <param name="ledger">The ledger.</param>
internal sealed class LedgerReader(Ledger ledger)
{
    private readonly uint[] carryKeys = new uint[ledger.WaitCarries.MaxEntries];
    private readonly ulong[] carryCounts = new ulong[ledger.WaitCarries.MaxEntries];
    private readonly WaitTotals cleared = new();
    private int carried;

    /// <summary>Cells of which no consistent copy was had.</summary>
    public long Torn { get; private set; }

    /// <summary>Adds an account, all CPUs together.</summary>
    /// <param name="slot">The account.</param>
    /// <param name="at">The moment that open intervals are counted up to, on the run queue clock.</param>
    /// <param name="totals">Added to.</param>
    /// <param name="cpus">Added to, by CPU.</param>
    public void Add(int slot, long at, LedgerTotals totals, Span<CpuTotals> cpus)
    {
        for (var cpu = 0; cpu < ledger.Size.Cpus; cpu++)
        {
            ref readonly var cell = ref ledger.Cells[(cpu * ledger.Size.Slots) + slot];
            if (Volatile.Read(in cell.Head.Version) == 0)
                continue; // never written
            Copy(in cell, out var head);
            totals.Add(head, at);
            cpus[cpu].Add(head, at, slot == LedgerWire.SlotIdle);
            ReadOnlySpan<uint> waits = cell.Waits;
            for (var i = 0; i < ExponentialLayout.Cells; i++)
                totals.Waits[i] += waits[i];
        }
        AddSpells(slot, totals);
    }

    /// <summary>Adds what the wait counters of a slot have wrapped. Read once a collection for all slots by <see cref="ReadCarries"/>.</summary>
    /// <param name="slot">The account.</param>
    /// <param name="totals">Added to.</param>
    public void AddCarries(int slot, LedgerTotals totals)
    {
        for (var i = 0; i < carried; i++)
        {
            var (of, cell) = Math.DivRem((int)carryKeys[i], ExponentialLayout.Cells);
            if (of == slot)
                totals.Waits[cell] += carryCounts[i] << 32;
        }
    }

    /// <summary>Reads which wait counters have wrapped at 2^32, and how often.</summary>
    /// <returns>How many there are.</returns>
    public int ReadCarries() => carried = ledger.WaitCarries.ReadAll(carryKeys, carryCounts);

    /// <summary>Sets to what all accounts but the idle tasks' have waited, those that were emptied included.</summary>
    /// <param name="slots">Whose accounts count.</param>
    /// <param name="at">The moment that open intervals are counted up to, on the run queue clock.</param>
    /// <param name="totals">Set.</param>
    public void ReadWaits(SlotTable slots, long at, WaitTotals totals)
    {
        cleared.Waits.CopyTo(totals.Waits, 0);
        (totals.WaitSum, totals.Running) = (cleared.WaitSum, cleared.Running);
        for (var slot = 0; slot < ledger.Size.Slots; slot++)
        {
            if (slot != LedgerWire.SlotIdle && slots[slot] is not null)
                AddWaits(slot, at, totals);
        }
    }

    /// <summary>Threads that an account has in all states; without births, deaths and moves in its cgroup this is exact.</summary>
    /// <param name="slot">The account.</param>
    public int ThreadCount(int slot)
    {
        var count = 0;
        for (var cpu = 0; cpu < ledger.Size.Cpus; cpu++)
        {
            Copy(in ledger.Cells[(cpu * ledger.Size.Slots) + slot], out var head);
            foreach (var threads in head.Threads)
                count += threads;
        }
        return count;
    }

    /// <summary>Empties an account that no thread refers to any more.</summary>
    /// <param name="slot">The account.</param>
    public void Clear(int slot)
    {
        AddWaits(slot, 0, cleared);
        for (var cpu = 0; cpu < ledger.Size.Cpus; cpu++)
            ledger.Cells.Writable((cpu * ledger.Size.Slots) + slot) = default;
        ledger.Spells.Writable(slot) = default;
        if (carried > 0)
        {
            for (var cell = 0; cell < ExponentialLayout.Cells; cell++)
                ledger.WaitCarries.Delete((uint)((slot * ExponentialLayout.Cells) + cell));
        }
    }

    private void Copy(in LedgerCell cell, out LedgerCellHead head)
    {
        if (!ConsistentCopy.TryTake(in cell.Head, in cell.Head.Version, out head))
            Torn++;
    }

    private void AddWaits(int slot, long at, WaitTotals totals)
    {
        for (var cpu = 0; cpu < ledger.Size.Cpus; cpu++)
        {
            ref readonly var cell = ref ledger.Cells[(cpu * ledger.Size.Slots) + slot];
            if (Volatile.Read(in cell.Head.Version) == 0)
                continue;
            Copy(in cell, out var head);
            totals.WaitSum += (long)head.WaitSum;
            totals.Running += head.Time[(int)LedgerState.Running] + (head.Threads[(int)LedgerState.Running] * at);
            ReadOnlySpan<uint> waits = cell.Waits;
            for (var i = 0; i < waits.Length; i++)
                totals.Waits[i] += waits[i];
        }
    }

    private void AddSpells(int slot, LedgerTotals totals)
    {
        ref readonly var spells = ref ledger.Spells[slot];
        totals.OomKills += (long)spells.OomKills;
        if (spells.Sum == 0)
            return;
        totals.SpellSum += (long)spells.Sum;
        ReadOnlySpan<ulong> cells = spells.Cells;
        var sums = totals.SpellsToFill();
        for (var i = 0; i < ExponentialLayout.Cells; i++)
            sums[i] += cells[i];
    }
}
