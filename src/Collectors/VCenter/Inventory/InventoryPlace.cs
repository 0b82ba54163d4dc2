namespace Observe.Collectors.VCenter.Inventory;

/// <summary>Where something is; null where it is in none, or that is not known.</summary>
/// <param name="Datacenter">The datacenter; none on single ESXi hosts.</param>
/// <param name="Compute">The cluster, or what a single host is in.</param>
/// <param name="Host">The ESXi host.</param>
/// <param name="Pool">The pool or vApp.</param>
internal readonly record struct InventoryPlace(InventoryNode? Datacenter, InventoryNode? Compute, InventoryNode? Host, InventoryNode? Pool)
{
    /// <summary>Its cluster; null for what a single host is in.</summary>
    public InventoryNode? Cluster => Compute?.Object.Type == "ClusterComputeResource" ? Compute : null;
}
