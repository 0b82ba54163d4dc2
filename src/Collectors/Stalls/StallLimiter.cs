namespace Observe.Collectors.Stalls;

/// <summary>
/// Grants the kernel what it may tell: a second's worth of tokens at most at a time, some for all and some for each cgroup. Only
/// the kernel takes tokens and only this grants them; if nobody grants any, nothing is told. One thread at a time.
/// </summary>
/// <param name="options">How many are wanted.</param>
/// <param name="time">The clock.</param>
internal sealed class StallLimiter(StallOptions options, TimeProvider time)
{
    /// <summary>A workload's share of what is told: five that stall at once are all heard.</summary>
    private const int WorkloadShare = 5;

    private readonly ulong burst = (ulong)options.PerSecond;
    private readonly uint workloadBurst = WorkloadBurst(options);
    private long granted = time.GetTimestamp();
    private double owed;
    private double owedToEach;

    /// <summary>Sets thresholds and a full bucket, before anything is attached.</summary>
    /// <param name="limits">The kernel's.</param>
    /// <param name="options">What is wanted.</param>
    public static void Set(ref StallLimits limits, StallOptions options)
    {
        limits.Granted = (ulong)options.PerSecond;
        for (var kind = 0; kind < StallWire.Kinds; kind++)
            limits.Threshold[kind] = options.NanosecondsOf((StallKind)kind);
    }

    /// <summary>The account of a cgroup of which nothing has been told.</summary>
    /// <param name="options">What is wanted.</param>
    public static StallVictim NewVictim(StallOptions options) => new() { Granted = WorkloadBurst(options) };

    /// <summary>Grants what has become due since the last time.</summary>
    /// <param name="limits">The kernel's.</param>
    /// <param name="victims">Each cgroup's.</param>
    public void Grant(ref StallLimits limits, Span<StallVictim> victims)
    {
        var now = time.GetTimestamp();
        var passed = time.GetElapsedTime(granted, now).TotalSeconds;
        granted = now;
        // What is more than a second's worth finds no room in any bucket.
        owed = Math.Min(owed + (burst * passed), burst);
        owedToEach = Math.Min(owedToEach + (workloadBurst * passed), workloadBurst);
        var (more, moreForEach) = ((ulong)owed, (uint)owedToEach);
        owed -= more;
        owedToEach -= moreForEach;
        if (more > 0)
            Volatile.Write(ref limits.Granted, Filled(limits.Granted, more, Volatile.Read(in limits.Taken)));
        if (moreForEach == 0)
            return;
        foreach (ref var victim in victims)
        {
            var filled = Filled(victim.Granted, moreForEach, Volatile.Read(in victim.Taken));
            if (filled != victim.Granted)
                Volatile.Write(ref victim.Granted, filled);
        }
    }

    /// <summary>Numbers of tokens wrap around.</summary>
    private uint Filled(uint before, uint more, uint taken) => (int)(before + more - (taken + workloadBurst)) < 0 ? before + more : taken + workloadBurst;

    private ulong Filled(ulong before, ulong more, ulong taken) => Math.Min(before + more, taken + burst);

    private static uint WorkloadBurst(StallOptions options) => (uint)Math.Max(1, options.PerSecond / WorkloadShare);
}
