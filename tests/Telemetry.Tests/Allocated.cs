namespace Observe.Telemetry.Tests;

/// <summary>What a piece of code allocates on its thread.</summary>
internal static class Allocated
{
    private const int MaxAttempts = 10;

    /// <summary>
    /// Exactly 0 bytes. A collection that falls between the two readings of the counter makes it jump by what was left of
    /// the thread's allocation context; such a measurement is done again.
    /// </summary>
    public static void ShouldBeNothing(Action action)
    {
        long allocated;
        int collections;
        var attempts = 0;
        do
        {
            // Also ends a background collection that is still under way.
            GC.Collect();
            collections = GC.CollectionCount(0);
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        while (GC.CollectionCount(0) != collections && ++attempts < MaxAttempts);
        allocated.ShouldBe(0);
    }
}
