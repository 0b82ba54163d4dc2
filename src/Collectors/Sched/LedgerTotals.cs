using Observe.Telemetry.Model;

namespace Observe.Collectors.Sched;

/// <summary>The sum of some accounts, as of one moment. Times in ns.</summary>
internal sealed class LedgerTotals
{
    /// <summary>Time by <see cref="LedgerState"/>; running includes interrupts and steal.</summary>
    public long[] Time { get; } = new long[LedgerWire.States];

    /// <summary>Threads by <see cref="LedgerState"/>.</summary>
    public long[] Threads { get; } = new long[LedgerWire.States];

    /// <summary>Of running, what interrupts took.</summary>
    public long Irq { get; set; }

    /// <summary>Of running, what the hypervisor took.</summary>
    public long Steal { get; set; }

    /// <summary>Sum of the waits in <see cref="Waits"/>.</summary>
    public long WaitSum { get; set; }

    /// <summary>Voluntary switches.</summary>
    public long Voluntary { get; set; }

    /// <summary>Involuntary switches.</summary>
    public long Involuntary { get; set; }

    /// <summary>Comings to another CPU.</summary>
    public long Migrations { get; set; }

    /// <summary>Processes killed for want of memory.</summary>
    public long OomKills { get; set; }

    /// <summary>Histogram of waits.</summary>
    public ulong[] Waits { get; } = new ulong[ExponentialLayout.Cells];

    /// <summary>Sum of the spells in <see cref="Spells"/>.</summary>
    public long SpellSum { get; set; }

    /// <summary>Histogram of throttled spells; null while there were none, as in most workloads.</summary>
    public ulong[]? Spells { get; private set; }

    /// <summary>Threads in all states.</summary>
    public long ThreadCount => Threads[0] + Threads[1] + Threads[2] + Threads[3] + Threads[4];

    /// <summary>Starts from another sum.</summary>
    /// <param name="other">Copied.</param>
    public void Set(LedgerTotals other)
    {
        other.Time.CopyTo(Time, 0);
        other.Threads.CopyTo(Threads, 0);
        other.Waits.CopyTo(Waits, 0);
        if (other.Spells is { } spells)
            spells.CopyTo(SpellsToFill(), 0);
        else if (Spells is not null)
            Array.Clear(Spells);
        (Irq, Steal, WaitSum, SpellSum) = (other.Irq, other.Steal, other.WaitSum, other.SpellSum);
        (Voluntary, Involuntary, Migrations, OomKills) = (other.Voluntary, other.Involuntary, other.Migrations, other.OomKills);
    }

    /// <summary>Starts from nothing.</summary>
    public void Clear()
    {
        Array.Clear(Time);
        Array.Clear(Threads);
        Array.Clear(Waits);
        if (Spells is not null)
            Array.Clear(Spells);
        (Irq, Steal, WaitSum, SpellSum) = (0, 0, 0, 0);
        (Voluntary, Involuntary, Migrations, OomKills) = (0, 0, 0, 0);
    }

    /// <summary>Adds one account's counters.</summary>
    /// <param name="head">A consistent copy.</param>
    /// <param name="at">The moment that open intervals are counted up to, on the run queue clock.</param>
    public void Add(in LedgerCellHead head, long at)
    {
        for (var state = 0; state < LedgerWire.States; state++)
        {
            Time[state] += head.Time[state] + (head.Threads[state] * at);
            Threads[state] += head.Threads[state];
        }
        Irq += (long)head.Irq;
        Steal += (long)head.Steal;
        WaitSum += (long)head.WaitSum;
        Voluntary += (long)head.Voluntary;
        Involuntary += (long)head.Involuntary;
        Migrations += (long)head.Migrations;
    }

    /// <summary>The histogram of spells, made now if there is none yet.</summary>
    public ulong[] SpellsToFill() => Spells ??= new ulong[ExponentialLayout.Cells];

    /// <summary>Moves time of open intervals to where it belongs.</summary>
    /// <param name="open">What the iterator found for one thread.</param>
    public void Correct(in LedgerOpen open)
    {
        Time[open.State] += open.Extra - open.Waiting - open.Throttled;
        Time[(int)LedgerState.Waiting] += open.Waiting;
        Time[(int)LedgerState.Throttled] += open.Throttled;
        Threads[open.State] += open.Counted;
    }
}
