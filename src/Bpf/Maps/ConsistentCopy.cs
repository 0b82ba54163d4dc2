namespace Observe.Bpf.Maps;

/// <summary>
/// Copies what a program writes meanwhile. Its first field is a 32-bit version that is odd while the writer is at it (the
/// writer's side is <c>bpf/include/order.bpf.h</c>).
/// </summary>
public static class ConsistentCopy
{
    /// <summary>Looks before giving up: a writer takes some 50 ns, unless its CPU is taken away.</summary>
    private const int Patience = 10_000;

    /// <summary>Copies it as it was at one moment.</summary>
    /// <param name="live">What is written to.</param>
    /// <param name="version">Its version.</param>
    /// <param name="copy">The copy; the last one tried if none was whole.</param>
    /// <returns>Whether the copy is whole.</returns>
    public static bool TryTake<T>(in T live, in uint version, out T copy)
        where T : unmanaged
    {
        for (var attempt = 0; attempt < Patience; attempt++)
        {
            var before = Volatile.Read(in version);
            copy = live;
            Volatile.ReadBarrier();
            if ((before & 1) == 0 && before == Volatile.Read(in version))
                return true;
            Thread.SpinWait(1);
            if (attempt % 100 == 99)
                Thread.Yield();
        }
        copy = live;
        return false;
    }
}
