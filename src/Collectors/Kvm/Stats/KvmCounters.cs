using System.Runtime.CompilerServices;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>
/// What KVM has counted, of one vCPU or of several together. What this kernel or processor does not count is not known, which is not 0.
/// </summary>
internal struct KvmCounters
{
    /// <summary>
    /// Exits by reason, as far as KVM counts them apart: the statistic, and the <c>reason</c> label. No exit is of two of them.
    /// Returns for a signal (<see cref="KvmStat.SignalExits"/>) are no exits of the guest.
    /// </summary>
    internal static readonly (KvmStat Stat, string Reason)[] Reasons =
    [
        (KvmStat.HaltExits, "hlt"), (KvmStat.IoExits, "io"), (KvmStat.MmioExits, "mmio"), (KvmStat.IrqExits, "irq"), (KvmStat.IrqWindowExits, "irq_window"),
        (KvmStat.NmiWindowExits, "nmi_window"), (KvmStat.Hypercalls, "hypercall"),
    ];

    private Cells cells;
    private uint known;

    /// <summary>Exits in all; 0 if not known.</summary>
    internal readonly ulong Exits => cells[(int)KvmStat.Exits];

    /// <summary>Time polled during halts, ns; 0 if not known.</summary>
    internal readonly ulong HaltPollNanoseconds => cells[(int)KvmStat.HaltPollSuccessTime] + cells[(int)KvmStat.HaltPollFailTime];

    /// <summary>Whether a statistic has been counted at all.</summary>
    /// <param name="stat">Which.</param>
    internal readonly bool Knows(KvmStat stat) => (known & (1u << (int)stat)) != 0;

    /// <summary>A statistic.</summary>
    /// <param name="stat">Which.</param>
    /// <param name="value">A number of events, or ns.</param>
    /// <returns>Whether it is known.</returns>
    internal readonly bool TryGet(KvmStat stat, out ulong value)
    {
        value = cells[(int)stat];
        return Knows(stat);
    }

    /// <summary>Counts more of a statistic, which is known from then on.</summary>
    /// <param name="stat">Which.</param>
    /// <param name="value">A number of events, or ns.</param>
    internal void Add(KvmStat stat, ulong value)
    {
        cells[(int)stat] += value;
        known |= 1u << (int)stat;
    }

    /// <summary>Adds another's counts.</summary>
    /// <param name="other">The other.</param>
    internal void Add(in KvmCounters other)
    {
        for (var i = 0; i < KvmStatNames.Count; i++)
            cells[i] += other.cells[i];
        known |= other.known;
    }

    [InlineArray(KvmStatNames.Count)]
    private struct Cells
    {
        private ulong first;
    }
}
