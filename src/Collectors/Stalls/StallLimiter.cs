namespace Observe.Collectors.Stalls;

/// <summary>The kernel's token buckets: a second's worth of tokens each, one for all and one for each cgroup.</summary>
internal static class StallLimiter
{
    /// <summary>A workload's share of what is told: five that stall at once are all heard.</summary>
    private const int WorkloadShare = 5;

    /// <summary>Sets the rates and thresholds, before anything is attached.</summary>
    /// <param name="limits">The kernel's.</param>
    /// <param name="options">What is wanted.</param>
    public static void Set(ref StallLimits limits, StallOptions options)
    {
        (limits.Interval, limits.Burst) = Bucket(options.PerSecond);
        (limits.WorkloadInterval, limits.WorkloadBurst) = Bucket(Math.Max(1, options.PerSecond / WorkloadShare));
        for (var kind = 0; kind < StallWire.Kinds; kind++)
            limits.Threshold[kind] = options.NanosecondsOf((StallKind)kind);
    }

    /// <summary>ns between two tokens, and how far the bucket's end may lie ahead for another to be taken.</summary>
    private static (ulong Interval, ulong Burst) Bucket(int perSecond)
    {
        var interval = 1_000_000_000UL / (ulong)perSecond;
        return (interval, interval * (ulong)(perSecond - 1));
    }
}
