using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Observe.Bpf.Tests.Fixtures;

#pragma warning disable CS0649, CS0169, CA1823, IDE0044, IDE0051, CA1051, CA1815, CA1066, CA1708

[InlineArray(4)]
internal struct Slots
{
    private uint first;
}

[InlineArray(6)]
internal struct Grid
{
    private ulong first;
}

internal struct Inner
{
    internal ushort Kind;
    internal int Delta;
}

/// <summary><c>struct sample</c>: its union is laid over itself, hence explicit.</summary>
[StructLayout(LayoutKind.Explicit, Size = 96)]
internal struct Sample
{
    [FieldOffset(0)] internal ulong WaitNs;
    [FieldOffset(8)] internal uint CpuId;
    [FieldOffset(12)] internal byte Flags;
    [FieldOffset(16)] internal Inner Inner;
    [FieldOffset(24)] internal ulong Whole;
    [FieldOffset(24)] internal uint Half;
    [FieldOffset(32)] internal Slots Slots;
    [FieldOffset(48)] internal Grid Grid;
}

internal record struct Small(uint A, uint B, uint C);

public record struct TaskRecord
{
    public uint Pid;
    public uint Tgid;
}
