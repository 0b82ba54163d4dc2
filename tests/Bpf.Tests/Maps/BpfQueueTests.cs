using Observe.Bpf.Maps;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests.Maps;

public sealed class BpfQueueTests
{
    [KernelFact]
    public void TryPop_Pushed_FirstInFirstOut()
    {
        using var obj = ProbeObject.Load();
        var queue = new BpfQueue<uint>(obj.Map("queue"));

        for (var i = 1u; i <= 4; i++)
            queue.TryPush(i).ShouldBeTrue();
        queue.TryPush(5).ShouldBeFalse();
        queue.TryPush(6, evictOldest: true).ShouldBeTrue();

        queue.TryPeek(out var next).ShouldBeTrue();
        next.ShouldBe(2u);
        foreach (var expected in new[] { 2u, 3u, 4u, 6u })
        {
            queue.TryPop(out var value).ShouldBeTrue();
            value.ShouldBe(expected);
        }
        queue.TryPop(out _).ShouldBeFalse();
        queue.TryPeek(out _).ShouldBeFalse();
    }

    [KernelFact]
    public void Constructor_OtherSize_IsRefused()
    {
        using var obj = ProbeObject.Load();

        Should.Throw<BpfException>(() => new BpfQueue<ulong>(obj.Map("queue"))).Message.ShouldContain("its values have 4 bytes, the C# type 8");
    }
}
