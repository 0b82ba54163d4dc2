namespace Observe.Collectors.Tests.Identity;

/// <summary>Bytes that an action allocates once the JIT is done with it: unoptimised code boxes where optimised code does not.</summary>
internal static class SteadyAllocations
{
    internal static long Of(Action action)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 40 && least > 0; round++)
        {
            action();
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            // The second tier is compiled in the background, 100 ms after the first came to rest.
            if (least > 0)
                Thread.Sleep(25);
        }
        return least;
    }
}
