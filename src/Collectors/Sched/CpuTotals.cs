namespace Observe.Collectors.Sched;

/// <summary>What one CPU did, ns. The four add up to the time since the ledger's first switch there.</summary>
internal struct CpuTotals
{
    /// <summary>Running threads, without interrupts and steal.</summary>
    public long Running;

    /// <summary>Idle, without interrupts and steal.</summary>
    public long Idle;

    /// <summary>Interrupts, where the kernel tracks them.</summary>
    public long Irq;

    /// <summary>Taken by the hypervisor, where the kernel tracks it.</summary>
    public long Steal;

    /// <summary>All of it.</summary>
    public readonly long Sum => Running + Idle + Irq + Steal;

    /// <summary>Adds what one account ran on this CPU.</summary>
    /// <param name="head">A consistent copy of the account's cell on this CPU.</param>
    /// <param name="at">The moment that an open interval is counted up to.</param>
    /// <param name="idle">Whether it is the idle account.</param>
    public void Add(in LedgerCellHead head, long at, bool idle)
    {
        var ran = head.Time[(int)LedgerState.Running] + (head.Threads[(int)LedgerState.Running] * at) - (long)head.Irq - (long)head.Steal;
        if (idle)
            Idle += ran;
        else
            Running += ran;
        Irq += (long)head.Irq;
        Steal += (long)head.Steal;
    }

    /// <summary>Takes what interrupts and the hypervisor took since the last switch from who is running.</summary>
    /// <param name="irq">ns.</param>
    /// <param name="steal">ns.</param>
    /// <param name="idle">Whether it is idle.</param>
    public void Carve(long irq, long steal, bool idle)
    {
        if (idle)
            Idle -= irq + steal;
        else
            Running -= irq + steal;
        Irq += irq;
        Steal += steal;
    }
}
