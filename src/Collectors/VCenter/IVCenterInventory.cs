using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter;

/// <summary>What is known of a vCenter's inventory, as it was pushed. Thread-safe; what is given out does not change any more.</summary>
internal interface IVCenterInventory
{
    /// <summary>Whether all of it has been told at least once in this session.</summary>
    bool IsComplete { get; }

    /// <summary>Grows whenever an entity comes, goes, or gets other facts.</summary>
    long Version { get; }

    /// <summary>All entities of a type, as of one moment.</summary>
    /// <param name="type"><c>VirtualMachine</c>, <c>HostSystem</c>, <c>ClusterComputeResource</c>, <c>ResourcePool</c>, <c>Datastore</c>, <c>Datacenter</c>.</param>
    IReadOnlyList<InventoryEntity> All(string type);

    /// <summary>One entity; null if it is not there.</summary>
    /// <param name="entity">Which.</param>
    InventoryEntity? Find(ManagedObject entity);
}
