namespace Observe.Collectors.Kvm.Stats;

/// <summary>Where the statistics of a virtual machine come from.</summary>
internal enum KvmStatsOrigin
{
    /// <summary>From nowhere: they could not be had.</summary>
    None,

    /// <summary>The VMM's own descriptors of its vCPUs' binary statistics: by vCPU.</summary>
    Descriptors,

    /// <summary>KVM's files in debugfs: all vCPUs together.</summary>
    Debugfs,
}
