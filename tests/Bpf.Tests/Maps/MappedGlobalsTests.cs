using Observe.Bpf.Host;
using Observe.Bpf.Maps;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests.Maps;

public sealed class MappedGlobalsTests
{
    [KernelFact]
    public void Read_KernelTime_IsOnTheMonotonicClock()
    {
        using var obj = ProbeObject.Load();
        using var bss = new MappedGlobals(obj);
        obj.Program("on_syscall").Attach();

        var before = MonotonicClock.Nanoseconds;
        ProbeObject.Trigger(1);
        var after = MonotonicClock.Nanoseconds;

        bss.Read<ulong>("last_ktime").ShouldBeInRange(before, after);
    }

    [KernelFact]
    public void Writable_Reset_ProgramsCountOnFromThere()
    {
        using var obj = ProbeObject.Load();
        using var bss = new MappedGlobals(obj, ".bss", writable: true);
        obj.Program("on_syscall").Attach();

        bss.Writable<ulong>("calls") = 100;
        ProbeObject.Trigger(3);

        bss.Read<ulong>("calls").ShouldBe(103ul);
    }

    [KernelFact]
    public void Read_EachScrape_DoesNotAllocate()
    {
        using var obj = ProbeObject.Load();
        using var bss = new MappedGlobals(obj);
        using var samples = new MappedArray<Sample>(obj.Map("samples"));
        var program = obj.Program("on_syscall");
        Work();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Work();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        ulong Work() => bss.Read<ulong>("calls") + samples[3].WaitNs + samples.Span[4].WaitNs + program.RunStats.RunCount;
    }

    [KernelFact]
    public void Read_WrongNameOrSize_SaysWhatThereIs()
    {
        using var obj = ProbeObject.Load();
        using var bss = new MappedGlobals(obj);

        Should.Throw<BpfException>(() => bss.Read<uint>("calls")).Message.ShouldContain("it has 8 bytes, UInt32 4");
        Should.Throw<BpfException>(() => bss.Read<ulong>("nope")).Message.ShouldContain("calls");
        Should.Throw<BpfException>(() => bss.ReadArray<Small>("calls")).Message.ShouldContain("it has 8 bytes");
        Should.Throw<InvalidOperationException>(() => bss.Writable<ulong>("calls") = 1);
    }

    [KernelFact]
    public void Constructor_ConstantsForWriting_IsRefused()
    {
        using var obj = ProbeObject.Load();

        Should.Throw<BpfException>(() => new MappedGlobals(obj, ".rodata", writable: true)).Message
            .ShouldContain("EPERM (Operation not permitted); 4096 bytes; it is frozen or read-only");
    }

    [KernelFact]
    public void Constructor_NoSuchSection_ListsTheMaps()
    {
        using var obj = ProbeObject.Load();

        Should.Throw<BpfException>(() => new MappedGlobals(obj, ".nope")).Message.ShouldContain(".bss");
    }
}
