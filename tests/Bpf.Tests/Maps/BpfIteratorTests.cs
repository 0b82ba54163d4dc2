using System.Globalization;
using System.Runtime.InteropServices;
using Observe.Bpf.Maps;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests.Maps;

public sealed class BpfIteratorTests
{
    [KernelTheory]
    [InlineData(16)] // One read call of the kernel's buffer is cut into many.
    [InlineData(1 << 20)]
    public void Read_TaskIterator_FindsEveryThread(int bufferSize)
    {
        using var obj = ProbeObject.Load();
        using var link = obj.Program("on_task").Attach();

        var before = Threads();
        HashSet<TaskRecord> found;
        using (var iterator = link.OpenIterator())
            found = ReadAll(iterator, bufferSize);
        var after = Threads();

        before.Count.ShouldBeGreaterThan(10);
        // What lived through the whole pass must be in it; the rest may. Process 1 is left out: the kernels of some
        // sandboxes hide theirs from BPF.
        before.Intersect(after).Except(found).Where(record => record.Tgid != 1).ShouldBeEmpty();
        found.Count.ShouldBeLessThanOrEqualTo(before.Union(after).Count() + 50);
    }

    [KernelFact]
    public void Read_SecondPass_StartsAgain()
    {
        using var obj = ProbeObject.Load();
        using var link = obj.Program("on_task").Attach();

        for (var pass = 0; pass < 3; pass++)
        {
            using var iterator = link.OpenIterator();
            ReadAll(iterator, 4096).ShouldContain(record => record.Tgid == (uint)Environment.ProcessId);
            iterator.Read(new byte[8]).ShouldBe(0);
        }
    }

    [KernelFact]
    public void OpenIterator_NoIterator_IsRefused()
    {
        using var obj = ProbeObject.Load();
        using var link = obj.Program("on_switch").Attach();

        Should.Throw<BpfException>(link.OpenIterator).Message
            .ShouldStartWith("cannot iterate with BPF program on_switch (tp_btf/sched_switch) of object probe: ");
    }

    private static HashSet<TaskRecord> ReadAll(BpfIterator iterator, int bufferSize)
    {
        var bytes = new List<byte>();
        var buffer = new byte[bufferSize];
        int count;
        while ((count = iterator.Read(buffer)) > 0)
            bytes.AddRange(buffer.AsSpan(0, count));
        return [.. MemoryMarshal.Cast<byte, TaskRecord>(CollectionsMarshal.AsSpan(bytes))];
    }

    private static HashSet<TaskRecord> Threads() =>
    [
        .. Directory.GetDirectories("/proc").Where(path => char.IsDigit(Path.GetFileName(path)[0])).SelectMany(process =>
        {
            try
            {
                return Directory.GetDirectories($"{process}/task").Select(thread => new TaskRecord { Pid = Number(thread), Tgid = Number(process) });
            }
            catch (IOException)
            {
                return []; // Ended meanwhile.
            }
        }),
    ];

    private static uint Number(string path) => uint.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture);
}
