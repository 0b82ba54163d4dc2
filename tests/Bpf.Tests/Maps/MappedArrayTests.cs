using System.Runtime.CompilerServices;
using Observe.Bpf.Maps;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests.Maps;

public sealed class MappedArrayTests
{
    [KernelFact]
    public void Indexer_ProgramWrites_SeenWithoutASystemCall()
    {
        using var obj = ProbeObject.Load();
        using var samples = new MappedArray<Sample>(obj.Map("samples"));
        ref readonly var first = ref samples[0];
        obj.Program("on_syscall").Attach();

        ProbeObject.Trigger(7);

        first.WaitNs.ShouldBe(70ul);
        first.Slots[3].ShouldBe(7u);
        samples.Length.ShouldBe(8);
        samples.Span[0].WaitNs.ShouldBe(70ul);
        samples.Span[1].WaitNs.ShouldBe(0ul);
    }

    [KernelFact]
    public void Writable_ValuesNotAMultipleOf8_LandWhereTheKernelReadsThem()
    {
        using var obj = ProbeObject.Load();
        var map = obj.Map("smalls");
        using var smalls = new MappedArray<Small>(map, writable: true);

        for (var i = 0; i < smalls.Length; i++)
            smalls.Writable(i) = new Small((uint)i, 2, 3);

        // 600 values 16 bytes apart: the last is on the third page.
        foreach (var i in new[] { 0, 1, 255, 256, 599 })
        {
            var value = Tool.BpfTool("map", "lookup", "id", $"{map.Id}", "key", $"{i & 255}", $"{i >> 8}", "0", "0").GetProperty("value");
            (Hex(value[0]) | Hex(value[1]) << 8).ShouldBe(i);
            Hex(value[4]).ShouldBe(2);
            Hex(value[8]).ShouldBe(3);
        }
        Should.Throw<InvalidOperationException>(() => smalls.Span.Length).Message.ShouldContain("elements of 12 bytes lie 16 apart");

        static int Hex(System.Text.Json.JsonElement element) => Convert.ToInt32(element.GetString(), 16);
    }

    [KernelFact]
    public void WritableSpan_Written_LandsInTheMap()
    {
        using var obj = ProbeObject.Load();
        using var writable = new MappedArray<Sample>(obj.Map("samples"), writable: true);
        using var readable = new MappedArray<Sample>(obj.Map("samples"));

        writable.WritableSpan[7].Whole = 99;

        readable[7].Whole.ShouldBe(99ul);
    }

    [KernelFact]
    public void Indexer_OutOfRange_Throws()
    {
        using var obj = ProbeObject.Load();
        using var samples = new MappedArray<Sample>(obj.Map("samples"));

        Should.Throw<ArgumentOutOfRangeException>(() => samples[8].WaitNs).Message.ShouldContain("BPF map samples of object probe has 8 elements");
        Should.Throw<ArgumentOutOfRangeException>(() => samples[-1].WaitNs);
    }

    [KernelFact]
    public void Writable_MappedForReading_Throws()
    {
        using var obj = ProbeObject.Load();
        using var samples = new MappedArray<Sample>(obj.Map("samples"));

        Should.Throw<InvalidOperationException>(() => samples.Writable(0) = default);
        Should.Throw<InvalidOperationException>(() => samples.WritableSpan.Clear());
    }

    [KernelFact]
    public void Constructor_OtherSize_IsRefused()
    {
        using var obj = ProbeObject.Load();

        Should.Throw<BpfException>(() => new MappedArray<Small>(obj.Map("samples"))).Message
            .ShouldBe($"cannot map into memory BPF map samples of object probe: its values have {Unsafe.SizeOf<Sample>()} bytes, the C# type 12; the layouts have diverged");
    }

    [KernelFact]
    public void Constructor_NotMappable_IsRefused()
    {
        using var obj = ProbeObject.Load();

        Should.Throw<BpfException>(() => new MappedArray<ulong>(obj.Map("unmapped"))).Message.ShouldContain("it lacks BPF_F_MMAPABLE");
        Should.Throw<BpfException>(() => new MappedArray<Small>(obj.Map("table"))).Message.ShouldContain("it is of type Hash, not Array");
    }

    [KernelFact]
    public void Dispose_Mapped_UnmapsAndRefusesAccess()
    {
        using var obj = ProbeObject.Load();
        var samples = new MappedArray<Sample>(obj.Map("samples"));
        var mapped = Mappings();

        samples.Dispose();

        Mappings().ShouldBe(mapped - 1);
        Should.Throw<ObjectDisposedException>(() => samples[0].WaitNs);

        // The kernel shows a mapped BPF map as anon_inode:bpf-map, with the inode that all of them share.
        static int Mappings() => File.ReadLines("/proc/self/maps").Count(line => line.EndsWith("anon_inode:bpf-map", StringComparison.Ordinal));
    }
}
