namespace Observe.Collectors.Kvm.Stats;

/// <summary>What the values of a statistic are (KVM_STATS_TYPE_*, bits 0 to 3 of its flags).</summary>
internal enum KvmStatType
{
    /// <summary>One value that only grows.</summary>
    Cumulative,

    /// <summary>One value that goes up and down.</summary>
    Instant,

    /// <summary>One value, the highest seen.</summary>
    Peak,

    /// <summary>Counts by range, all ranges equally wide.</summary>
    LinearHistogram,

    /// <summary>Counts by range, each from the second on twice as wide as the one before.</summary>
    LogHistogram,
}
