using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Sched;

// The twins of bpf/ledger.h, which alone says what these mean. A test compares every offset with the object's BTF.
#pragma warning disable CS1591 // documented there

/// <summary><c>enum ledger_state</c>: where a thread's time goes.</summary>
internal enum LedgerState
{
    Running = 0,
    Waiting = 1,
    Throttled = 2,
    Blocked = 3,
    Sleeping = 4,
}

/// <summary><c>enum ledger_throttle</c>: how time kept off by a quota is told from waiting.</summary>
internal enum LedgerThrottle : uint
{
    Unknown = 0,
    Task = 1,
    Clock = 2,
    Hooks = 3,
}

/// <summary><c>enum ledger_hierarchy</c>: where a thread's cgroup is read.</summary>
internal enum LedgerHierarchy : uint
{
    V2 = 0,
    Hybrid = 1,
    V1 = 2,
}

/// <summary>Constants of <c>ledger.h</c>.</summary>
internal static class LedgerWire
{
    public const int States = 5;
    public const int SlotUnattributed = 0;
    public const int SlotIdle = 1;
    public const int SlotKernel = 2;
    public const int SlotFirst = 3;
    public const int PathBytes = 768;
    public const int Slices = 128;
    public const int Tally = 8;

    /// <summary>The kernel side's <c>enum ledger_lost</c>, as reasons of <c>observe_lost_total</c>.</summary>
    public static readonly string[] LostReasons =
        ["ledger_slots_full", "ledger_thread_unknown", "ledger_switch_unseen", "ledger_wait_clamped", "ledger_throttle_rebased", "ledger_thread_records_full", "ledger_wait_carries_full",
            "ledger_wait_unknown", "delay_pairs_full"];
}

[InlineArray(LedgerWire.States)]
internal struct StateCounts
{
    private int element;
}

[InlineArray(LedgerWire.States)]
internal struct StateTimes
{
    private long element;
}

[InlineArray(ExponentialLayout.Cells)]
internal struct WaitCounts
{
    private uint element;
}

[InlineArray(ExponentialLayout.Cells)]
internal struct SpellCounts
{
    private ulong element;
}

[InlineArray(10)]
internal struct CellPadding
{
    private uint element;
}

[InlineArray(LedgerWire.Slices)]
internal struct LedgerSlices
{
    private LedgerSlice element;
}

[InlineArray(LedgerWire.Slices)]
internal struct LedgerTakens
{
    private LedgerTaken element;
}

[InlineArray(LedgerWire.Tally)]
internal struct LedgerTallies
{
    private LedgerTally element;
}

[InlineArray(16)]
internal struct LedgerComm
{
    private byte element;
}

[InlineArray(5)]
internal struct EndingPadding
{
    private uint element;
}

[InlineArray(5)]
internal struct CpuPadding
{
    private ulong element;
}

[InlineArray(LedgerWire.PathBytes)]
internal struct SlotPath
{
    private byte element;
}

/// <summary>The head of <c>struct ledger_cell</c>: all but the histogram, small enough to be copied as one.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LedgerCellHead
{
    public uint Version;
    public StateCounts Threads;
    public StateTimes Time;
    public ulong Irq;
    public ulong Steal;
    public ulong WaitSum;
    public ulong Voluntary;
    public ulong Involuntary;
    public ulong Migrations;
}

/// <summary><c>struct ledger_cell</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LedgerCell
{
    public LedgerCellHead Head;
    public WaitCounts Waits;
    public CellPadding Padding;
}

/// <summary><c>struct ledger_slice</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LedgerSlice
{
    public ulong End;
    public ulong Who;
}

/// <summary><c>struct ledger_taken</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LedgerTaken
{
    public ulong Irq;
    public ulong Steal;
}

/// <summary><c>struct ledger_tally</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LedgerTally
{
    public ulong Ns;
    public uint Slot;
    public uint Padding;
}

/// <summary><c>struct ledger_ending</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LedgerEnding
{
    public ulong Waited;
    public ulong Queued;
    public ulong Throttled;
    public ulong Held;
    public ulong Until;
    public ulong Named;
    public ulong Irq;
    public ulong Steal;
    public ulong Idle;
    public ulong Rest;
    public uint Pid;
    public uint Tgid;
    public LedgerComm Comm;
    public uint Stopped;
    public EndingPadding Padding;
    public LedgerTallies Tally;
}

/// <summary><c>struct ledger_cpu</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LedgerCpu
{
    public ulong First;
    public ulong FirstMono;
    public ulong Last;
    public ulong Irq;
    public ulong Steal;
    public ulong SyncClock;
    public ulong SyncMono;
    public uint SyncVersion;
    public uint Slot;
    public ulong OpenIrq;
    public ulong OpenSteal;
    public uint Turns;
    public uint Padding;
    public CpuPadding MorePadding;
    public LedgerEnding Ending;
    public LedgerSlices Slices;
    public LedgerTakens Taken;
}

/// <summary><c>struct ledger_slot</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LedgerSlot
{
    public ulong Cgroup;
    public ulong Died;
    public ulong Born;
    public uint Length;
    public uint Cut;
    public SlotPath Path;
}

/// <summary><c>struct ledger_spells</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LedgerSpells
{
    public ulong Sum;
    public SpellCounts Cells;
    public ulong OomKills;
}

/// <summary><c>struct ledger_open</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LedgerOpen
{
    public uint Slot;
    public uint State;
    public long Extra;
    public long Waiting;
    public long Throttled;
    public int Counted;
    public uint Padding;
}
