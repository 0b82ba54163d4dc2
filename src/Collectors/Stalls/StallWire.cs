using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Observe.Collectors.Stalls;

// The twins of bpf/stalls.h, which alone says what these mean. A test compares every offset with the object's BTF.
#pragma warning disable CS1591 // documented there

/// <summary><c>enum stall_outcome</c>: what became of a stall over the configured threshold.</summary>
internal enum StallOutcome
{
    Told = 0,
    Raised = 1,
    Workload = 2,
    All = 3,
    Full = 4,
}

/// <summary>Constants of <c>stalls.h</c>.</summary>
internal static class StallWire
{
    public const int Kinds = 5;
    public const int Outcomes = 5;
    public const int Culprits = 8;
    public const int CommBytes = 16;

    /// <summary>Values of the <c>kind</c> label, by <see cref="StallKind"/>.</summary>
    public static readonly string[] KindNames = ["wait", "throttle", "blocked", "exit", "stopped"];

    /// <summary>Values of the <c>outcome</c> label, by <see cref="StallOutcome"/>.</summary>
    public static readonly string[] OutcomeNames = ["told", "threshold_raised", "workload_rate", "host_rate", "ring_full"];

    /// <summary>Reasons of <c>observe_lost_total</c>, by <see cref="StallOutcome"/>; none for those that were told.</summary>
    public static readonly string[] LostReasons = ["", "stalls_below_raised_threshold", "stalls_over_workload_rate", "stalls_over_host_rate", "stalls_ring_full"];
}

[InlineArray(StallWire.Kinds)]
internal struct StallNumbers
{
    private ulong element;
}

[InlineArray(StallWire.Kinds * StallWire.Outcomes)]
internal struct StallCounts
{
    private ulong element;
}

[InlineArray(2)]
internal struct LimitsPadding
{
    private ulong element;
}

[InlineArray(7)]
internal struct LimitsMorePadding
{
    private ulong element;
}

[InlineArray(StallWire.Culprits)]
internal struct StallCulprits
{
    private StallCulprit element;
}

[InlineArray(StallWire.CommBytes)]
internal struct StallComm
{
    private byte element;
}

/// <summary><c>struct stall_limits</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StallLimits
{
    public StallNumbers Threshold;
    public ulong Granted;
    public LimitsPadding Padding;
    public ulong Taken;
    public LimitsMorePadding MorePadding;
    public StallNumbers Total;
    public StallCounts Count;
}

/// <summary><c>struct stall_victim</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StallVictim
{
    public ulong Charged;
    public ulong Irq;
    public ulong Steal;
    public ulong Idle;
    public ulong Unknown;
    public ulong Other;
    public ulong Waits;
    public uint Taken;
    public uint Granted;
}

/// <summary><c>struct stall_culprit</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StallCulprit
{
    public ulong Cgroup;
    public ulong Ns;
    public uint Slot;
    public uint Padding;
}

/// <summary><c>struct stall</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StallRecord
{
    public uint Kind;
    public uint Cpu;
    public uint Pid;
    public uint Tgid;
    public ulong Cgroup;
    public uint Slot;
    public uint Reason;
    public uint Isa;
    public uint Padding;
    public ulong End;
    public ulong Length;
    public ulong Irq;
    public ulong Steal;
    public ulong Idle;
    public ulong Unknown;
    public ulong Other;
    public StallCulprits Culprits;
    public StallComm Comm;
}
