namespace Observe.Collectors.Kvm.Stats;

/// <summary>What a statistic counts (KVM_STATS_UNIT_*, bits 4 to 7 of its flags).</summary>
internal enum KvmStatUnit
{
    /// <summary>Events or things.</summary>
    None,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Seconds.</summary>
    Seconds,

    /// <summary>Clock cycles of the CPU.</summary>
    Cycles,

    /// <summary>No or yes.</summary>
    Boolean,
}
