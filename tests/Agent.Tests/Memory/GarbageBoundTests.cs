using Observe.Agent.Memory;

namespace Observe.Agent.Tests.Memory;

public sealed class GarbageBoundTests
{
    [Fact]
    public void Look_AfterMuchGarbage_EmptiesTheYoungGenerations()
    {
        using var bound = new GarbageBound(TimeProvider.System);
        bound.Look();
        var collected = GC.CollectionCount(1);
        var garbage = Garbage((int)GarbageBound.MostYoung + 1);

        bound.Look();

        GC.CollectionCount(1).ShouldBeGreaterThan(collected);
        garbage.IsAlive.ShouldBeFalse();
    }

    [Fact]
    public void Look_WhenCalmAfterGrowth_CompactsEverything()
    {
        using var bound = new GarbageBound(TimeProvider.System);
        var old = Garbage((int)GarbageBound.Growth + 1);
        bound.Look();
        var large = GC.CollectionCount(2);

        bound.Look();

        GC.CollectionCount(2).ShouldBe(large + 1);
        old.IsAlive.ShouldBeFalse();
        bound.Look();
        GC.CollectionCount(2).ShouldBe(large + 1, "once");
    }

    [Fact]
    public void Look_GrowingOnAndOn_CompactsOnceInAWhile()
    {
        using var bound = new GarbageBound(TimeProvider.System);
        for (var look = 1; look < GarbageBound.MostGrowing; look++)
        {
            Garbage((int)GarbageBound.Growth + 1);
            bound.Look();
        }
        var old = Garbage((int)GarbageBound.Growth + 1);
        var before = GC.CollectionCount(2);

        bound.Look();

        GC.CollectionCount(2).ShouldBeGreaterThan(before);
        old.IsAlive.ShouldBeFalse();
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference Garbage(int bytes)
    {
        var last = new WeakReference(null);
        for (var made = 0; made < bytes; made += 1000)
            last.Target = new byte[1000];
        return last;
    }
}
