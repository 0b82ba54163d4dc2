using Observe.Bpf.Tests.Fixtures;
using Observe.Bpf.Types;

namespace Observe.Bpf.Tests.Types;

#pragma warning disable CS0649, CS0169, CA1823, IDE0044, IDE0051

public sealed class LayoutCheckTests
{
    private readonly Btf btf = Btf.FromElf(ProbeObject.Elf, "probe");

    [Fact]
    public void Compare_SameLayout_FindsNothing()
    {
        LayoutCheck.Compare<Sample>(btf, "sample").ShouldBeEmpty();
        LayoutCheck.Compare<Small>(btf, "small").ShouldBeEmpty();
    }

    [Fact]
    public void Compare_EverythingWrong_NamesEachDifference() =>
        LayoutCheck.Compare<Wrong>(btf, "sample").ShouldBe(
        [
            "sample: 96 bytes in C, 88 in C#",
            "sample.wait_ns: unsigned in C, Int64 in C#",
            "sample.cpu_id: offset 8 in C, 12 in C#",
            "sample.flags: offset 12 in C, 10 in C#",
            "sample.inner.kind: not in WrongInner",
            "sample.inner.delta: offset 4 in C, 0 in C#",
            "sample.inner: WrongInner.Sort is not in C",
            "sample.whole: not in Wrong",
            "sample.half: offset 24 in C, 80 in C#",
            "sample.half: 4 bytes in C, 2 in C# (UInt16)",
            "sample.slots: offset 32 in C, 24 in C#",
            "sample.slots: 4 elements in C, 6 in C#",
            "sample.slots[]: 4 bytes in C, 8 in C# (UInt64)",
            "sample.grid: offset 48 in C, 72 in C#",
            "sample.grid: an array in C, UInt64 in C#",
            "sample: Wrong.Extra is not in C",
        ], ignoreOrder: true);

    [Fact]
    public void Compare_UnknownStruct_SaysWhyItMayBeAbsent() =>
        LayoutCheck.Compare<Small>(btf, "nope").ShouldHaveSingleItem().ShouldContain("nope: not in the BTF of probe");

    private struct WrongInner
    {
        internal int Delta;
        internal ushort Sort;
    }

    private struct Wrong
    {
        internal long WaitNs;
        internal ushort Extra;
        internal byte Flags;
        internal uint CpuId;
        internal WrongInner Inner;
        internal Grid Slots;
        internal ulong Grid;
        internal ushort Half;
    }
}
