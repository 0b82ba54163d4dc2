namespace Observe.Collectors.Kvm;

/// <summary>How much is found out about virtual machines, and at what cost to them (docs/virtual-machines.md).</summary>
public enum KvmTier
{
    /// <summary>Nothing, at no cost.</summary>
    Off,

    /// <summary>What KVM itself counts, read without a hook: exits by the reasons that it tells apart, and times to 10 ms.</summary>
    Stats,

    /// <summary>Every exit, by hooks: reasons, handling times, and the whole of each vCPU's time.</summary>
    Exits,
}
