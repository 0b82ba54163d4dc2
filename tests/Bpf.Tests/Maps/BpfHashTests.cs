using Observe.Bpf.Maps;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests.Maps;

public sealed class BpfHashTests
{
    [KernelFact]
    public void TryUpdate_Modes_FollowTheKernels()
    {
        using var obj = ProbeObject.Load();
        var table = new BpfHash<ulong, Small>(obj.Map("table"));

        table.TryUpdate(1, new Small(1, 2, 3), UpdateMode.Replace).ShouldBeFalse();
        table.TryUpdate(1, new Small(1, 2, 3), UpdateMode.Insert).ShouldBeTrue();
        table.TryUpdate(1, new Small(4, 5, 6), UpdateMode.Insert).ShouldBeFalse();
        table.TryLookup(1, out var value).ShouldBeTrue();
        value.ShouldBe(new Small(1, 2, 3));
        table.TryUpdate(1, new Small(7, 8, 9)).ShouldBeTrue();
        table.TryLookup(1, out value).ShouldBeTrue();
        value.ShouldBe(new Small(7, 8, 9));
    }

    [KernelFact]
    public void Delete_PresentAndAbsent_TellsWhich()
    {
        using var obj = ProbeObject.Load();
        var table = new BpfHash<ulong, Small>(obj.Map("table"));
        table.TryUpdate(5, default).ShouldBeTrue();

        table.Delete(5).ShouldBeTrue();
        table.Delete(5).ShouldBeFalse();
        table.TryLookup(5, out var value).ShouldBeFalse();
        value.ShouldBe(default);
    }

    [KernelFact]
    public void ReadAll_FullMap_BatchesAndSingleReadsGiveEveryEntryOnce()
    {
        using var obj = ProbeObject.Load();
        var map = obj.Map("table");
        var table = new BpfHash<ulong, Small>(map);
        for (var i = 0u; i < 1000; i++)
            table.TryUpdate(i * 0x1_0000_0001UL, new Small(i, i + 1, i + 2)).ShouldBeTrue();
        table.TryUpdate(7777, default).ShouldBeFalse();

        var (keys, values) = (new ulong[1000], new Small[1000]);
        table.ReadAll(keys, values).ShouldBe(1000);
        Verify(keys, values);
        Array.Clear(keys);
        Array.Clear(values);
        table.ReadOneByOne(keys, values).ShouldBe(1000);
        Verify(keys, values);

        table.Count().ShouldBe(1000);
        Tool.BpfTool("map", "dump", "id", $"{map.Id}").GetArrayLength().ShouldBe(1000);

        static void Verify(ulong[] keys, Small[] values)
        {
            for (var i = 0; i < keys.Length; i++)
            {
                var n = (uint)keys[i];
                keys[i].ShouldBe(n * 0x1_0000_0001UL);
                values[i].ShouldBe(new Small(n, n + 1, n + 2));
            }
            keys.Distinct().Count().ShouldBe(1000);
        }
    }

    [KernelFact]
    public void ReadAll_LessRoomThanEntries_FillsTheRoomOrNearly()
    {
        using var obj = ProbeObject.Load();
        var table = new BpfHash<ulong, Small>(obj.Map("table"));
        for (var i = 1u; i <= 100; i++)
            table.TryUpdate(i, new Small(i, 0, 0)).ShouldBeTrue();
        var (keys, values) = (new ulong[40], new Small[40]);

        var count = table.ReadAll(keys, values);

        // A hash bucket that does not fit is left out whole, so a few places may stay empty.
        count.ShouldBeInRange(30, 40);
        for (var i = 0; i < count; i++)
            values[i].A.ShouldBe((uint)keys[i]);
        keys.AsSpan(0, count).ToArray().Distinct().Count().ShouldBe(count);
        table.ReadOneByOne(keys, values).ShouldBe(40);
    }

    [KernelFact]
    public void ReadAll_EmptyMap_IsZero()
    {
        using var obj = ProbeObject.Load();
        var table = new BpfHash<ulong, Small>(obj.Map("table"));

        table.ReadAll(new ulong[10], new Small[10]).ShouldBe(0);
        table.ReadOneByOne(new ulong[10], new Small[10]).ShouldBe(0);
        table.ReadAll([], []).ShouldBe(0);
        table.Count().ShouldBe(0);
    }

    [KernelFact]
    public void Calls_WarmedUp_DoNotAllocate()
    {
        using var obj = ProbeObject.Load();
        var table = new BpfHash<ulong, Small>(obj.Map("table"));
        var (keys, values) = (new ulong[1000], new Small[1000]);
        Work();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Work();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Work()
        {
            table.TryUpdate(1, default);
            table.TryLookup(1, out _);
            table.ReadAll(keys, values);
            table.Count();
            table.Delete(1);
        }
    }

    [KernelFact]
    public void Constructor_OtherTypes_IsRefused()
    {
        using var obj = ProbeObject.Load();

        Should.Throw<BpfException>(() => new BpfHash<uint, Small>(obj.Map("table"))).Message.ShouldContain("its keys have 8 bytes, the C# type 4");
        Should.Throw<BpfException>(() => new BpfHash<ulong, ulong>(obj.Map("table"))).Message.ShouldContain("its values have 12 bytes, the C# type 8");
        Should.Throw<BpfException>(() => new BpfHash<uint, uint>(obj.Map("queue"))).Message.ShouldContain("it is of type Queue, not Hash or LruHash");
    }
}
