using Observe.Bpf.Host;
using Observe.Bpf.Maps;

namespace Observe.Collectors.Sched;

/// <summary>
/// What the run queue clock shows now. It cannot be read from here, but the hook notes pairs of it and, a moment later,
/// CLOCK_MONOTONIC: the largest difference of late is the one with the least delay between the two readings.
/// </summary>
/// <param name="cpus">The ledger's CPUs.</param>
internal sealed class LedgerClock(MappedArray<LedgerCpu> cpus)
{
    /// <summary>Pairs kept: some seconds of ticks and collections, so that a drift of the two clocks is followed.</summary>
    private const int Kept = 32;

    private readonly long[] offsets = new long[Kept];
    private int samples;

    /// <summary>Run queue clock minus CLOCK_MONOTONIC, ns.</summary>
    public long Offset { get; private set; }

    /// <summary>The run queue clock now, ns.</summary>
    public long Now => (long)MonotonicClock.Nanoseconds + Offset;

    /// <summary>Takes what the hook has noted since.</summary>
    public void Sample()
    {
        var best = long.MinValue;
        for (var cpu = 0; cpu < cpus.Length; cpu++)
        {
            if (TryRead(cpu, out var offset))
                best = Math.Max(best, offset);
        }
        if (best == long.MinValue)
            return;
        offsets[samples++ % Kept] = best;
        var largest = best;
        foreach (var each in offsets.AsSpan(0, Math.Min(samples, Kept)))
            largest = Math.Max(largest, each);
        Offset = largest;
    }

    private bool TryRead(int cpu, out long offset)
    {
        ref readonly var local = ref cpus[cpu];
        var version = Volatile.Read(in local.SyncVersion);
        var clock = local.SyncClock;
        var mono = local.SyncMono;
        Interlocked.MemoryBarrier();
        offset = (long)(clock - mono);
        return clock != 0 && (version & 1) == 0 && version == Volatile.Read(in local.SyncVersion);
    }
}
