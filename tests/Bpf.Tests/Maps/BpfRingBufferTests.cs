using System.Runtime.InteropServices;
using Observe.Bpf.Maps;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests.Maps;

public sealed class BpfRingBufferTests
{
    [KernelFact]
    public void Poll_RecordsSubmitted_HandsThemOverInOrder()
    {
        using var obj = ProbeObject.Load();
        var seen = new List<uint>();
        using var ring = new BpfRingBuffer(obj.Map("ring"), record => seen.Add(MemoryMarshal.Read<uint>(record)));
        obj.Program("on_syscall").Attach();

        ProbeObject.Trigger(10);
        ring.Poll(TimeSpan.FromSeconds(5)).ShouldBe(10);
        ProbeObject.Trigger(5);
        ring.Poll(TimeSpan.Zero).ShouldBe(5);
        ring.Poll(TimeSpan.Zero).ShouldBe(0);
        ring.Poll(TimeSpan.FromMilliseconds(10)).ShouldBe(0);

        seen.ShouldBe(Enumerable.Range(1, 15).Select(n => (uint)n));
    }

    [KernelFact]
    public void Poll_HandlerThrows_ExceptionArrivesAndTheRestStays()
    {
        using var obj = ProbeObject.Load();
        var seen = new List<uint>();
        using var ring = new BpfRingBuffer(obj.Map("ring"), record =>
        {
            var number = MemoryMarshal.Read<uint>(record);
            if (number == 3)
                throw new FormatException("the third");
            seen.Add(number);
        });
        obj.Program("on_syscall").Attach();
        ProbeObject.Trigger(5);

        Should.Throw<FormatException>(() => ring.Poll(TimeSpan.FromSeconds(5))).Message.ShouldBe("the third");
        ring.Poll(TimeSpan.FromSeconds(5)).ShouldBe(2);

        seen.ShouldBe([1u, 2u, 4u, 5u]);
    }

    [KernelFact]
    public void Constructor_OtherMap_IsRefused()
    {
        using var obj = ProbeObject.Load();

        Should.Throw<BpfException>(() => new BpfRingBuffer(obj.Map("table"), _ => { })).Message.ShouldContain("it is of type Hash, not RingBuffer");
    }
}
