using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Kvm.Exits;

// The twins of bpf/kvm.h, which alone says what these mean. A test compares every offset with the object's BTF.
#pragma warning disable CS1591 // documented there

/// <summary><c>enum kvm_time</c>: where a vCPU thread's time goes.</summary>
internal enum VcpuTime
{
    Guest = 0,
    Exit = 1,
    HaltPoll = 2,
    Userspace = 3,
    Waiting = 4,
    Throttled = 5,
    Blocked = 6,
    Sleeping = 7,
}

/// <summary>Constants of <c>kvm.h</c>.</summary>
internal static class KvmWire
{
    public const int Times = 8;
    public const int ReasonPlaces = 64;
    public const uint UnknownVcpu = uint.MaxValue;

    /// <summary>The kernel side's <c>enum kvm_lost</c>, as reasons of <c>observe_lost_total</c>.</summary>
    public static readonly string[] LostReasons = ["kvm_vcpus_full", "kvm_reasons_full", "kvm_thread_unknown"];

    /// <summary>Values of the <c>state</c> label, by <see cref="VcpuTime"/>.</summary>
    public static readonly string[] States = ["guest", "exit", "halt_poll", "userspace", "waiting", "throttled", "blocked", "sleeping"];
}

[InlineArray(KvmWire.Times)]
internal struct VcpuTimes
{
    private long element;
}

[InlineArray(KvmWire.ReasonPlaces)]
internal struct ReasonPlaces
{
    private uint element;
}

[InlineArray(ExponentialLayout.Cells)]
internal struct HandlingCells
{
    private ulong element;
}

/// <summary><c>struct kvm_vcpu_account</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KvmVcpuAccount
{
    public uint Version;
    public uint Tid;
    public uint Tgid;
    public uint Vcpu;
    public uint Vm;
    public uint Mode;
    public ulong Cgroup;
    public ulong Born;
    public ulong At;
    public ulong Exits;
    public VcpuTimes Time;
    public ulong In;
    public ulong Ran;
    public ulong Waiting;
    public ulong Throttled;
    public ulong Blocked;
    public ulong Handling;
    public uint Current;
    public uint Padding;
    public ReasonPlaces Places;
}

/// <summary><c>struct kvm_reason</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KvmReason
{
    public uint Reason;
    public uint Isa;
    public ulong Exits;
    public ulong Handled;
    public ulong Handling;
    public HandlingCells Cells;
}
