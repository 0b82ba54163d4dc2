using System.Runtime.InteropServices;
using Observe.Bpf.Host;

namespace Observe.Collectors.Sched;

/// <summary>
/// Brings all accounts to one moment: what the cells say, extrapolated to it, and corrected by what only the threads
/// themselves know. One thread at a time.
/// </summary>
internal sealed class LedgerAccounts
{
    /// <summary>Bytes of corrections read at a time; a multiple of their size.</summary>
    private const int BatchBytes = 64 * 1024 / 40 * 40;

    private readonly Ledger ledger;
    private readonly LedgerReader reader;
    private readonly byte[] batch = new byte[BatchBytes];
    private readonly Action<ReadOnlySpan<byte>> correct;
    private readonly bool[] read;

    /// <summary>Prepares.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="reader">Reads its cells.</param>
    /// <param name="slots">Whose its slots are.</param>
    public LedgerAccounts(Ledger ledger, LedgerReader reader, SlotTable slots)
    {
        this.ledger = ledger;
        this.reader = reader;
        Slots = slots;
        Cpus = new CpuTotals[ledger.Size.Cpus];
        read = new bool[ledger.Size.Slots];
        correct = Correct;
    }

    /// <summary>Whose the slots are.</summary>
    public SlotTable Slots { get; }

    /// <summary>What each CPU did up to <see cref="AtMonotonic"/>.</summary>
    public CpuTotals[] Cpus { get; }

    /// <summary>The moment the accounts stand at, CLOCK_MONOTONIC ns.</summary>
    public long AtMonotonic { get; private set; }

    /// <summary>Brings every account's sum to now.</summary>
    public void Bring()
    {
        ledger.Clock.Sample();
        reader.ReadCarries();
        Slots.NoticeBirths();
        Slots.TakeBackOrphans();
        foreach (var account in Slots.Accounts)
            account.BeginSum();
        Slots.CpuClosed.CopyTo(Cpus, 0);
        Array.Clear(read);

        AtMonotonic = (long)MonotonicClock.Nanoseconds;
        var at = AtMonotonic + ledger.Clock.Offset;
        ReadCells(at);
        if (Slots.NoticeBirths()) // what began while we read: its CPU time belongs to the CPUs' sums
            ReadCells(at);
        ledger.ReadOpenIntervals(at, ledger.Clock.Now, batch, correct);
        CarveOpenTime();
    }

    private void ReadCells(long at)
    {
        for (var slot = 0; slot < read.Length; slot++)
        {
            if (read[slot] || Slots[slot] is not { } account)
                continue;
            reader.Add(slot, at, account.Sum, Cpus);
            reader.AddCarries(slot, account.Sum);
            read[slot] = true;
        }
    }

    private void Correct(ReadOnlySpan<byte> bytes)
    {
        foreach (ref readonly var open in MemoryMarshal.Cast<byte, LedgerOpen>(bytes))
        {
            if (open.Slot < read.Length && open.State < LedgerWire.States && Slots[(int)open.Slot] is { } account)
                account.Sum.Correct(in open);
        }
    }

    /// <summary>Interrupts and steal since each CPU's last switch are not in any cell yet.</summary>
    private void CarveOpenTime()
    {
        if (!ledger.Traits.TracksIrq && !ledger.Traits.TracksSteal)
            return;
        for (var cpu = 0; cpu < Cpus.Length; cpu++)
        {
            ref readonly var local = ref ledger.Cpus[cpu];
            var (irq, steal, slot) = ((long)local.OpenIrq, (long)local.OpenSteal, (int)local.Slot);
            if (local.First == 0 || irq < 0 || steal < 0 || Slots[slot] is not { } account)
                continue;
            account.Sum.Irq += irq;
            account.Sum.Steal += steal;
            Cpus[cpu].Carve(irq, steal, slot == LedgerWire.SlotIdle);
        }
    }
}
