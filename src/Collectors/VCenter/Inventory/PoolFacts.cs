using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>A resource pool or vApp. CPU in MHz, memory in MiB.</summary>
internal sealed record PoolFacts : EntityFacts
{
    /// <summary>The cluster, or what its single host is in.</summary>
    public ManagedObject? Owner { get; init; }

    /// <summary>CPU that is kept for it; null if unknown.</summary>
    public long? CpuReservation { get; init; }

    /// <summary>CPU that it may use; null without a limit.</summary>
    public long? CpuLimit { get; init; }

    /// <summary>Its weight for CPU.</summary>
    public long? CpuShares { get; init; }

    /// <summary>Memory that is kept for it; null if unknown.</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>Memory that it may use; null without a limit.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Its weight for memory.</summary>
    public long? MemoryShares { get; init; }
}
