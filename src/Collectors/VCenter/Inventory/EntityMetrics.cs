namespace Observe.Collectors.VCenter.Inventory;

/// <summary>What there may be of things, by what they are.</summary>
internal static class EntityMetrics
{
    /// <summary>Those of a thing.</summary>
    /// <param name="node">The thing.</param>
    public static EntityMetric[] Of(InventoryNode node) => node switch
    {
        { Facts: MachineFacts { IsTemplate: true } } => MachineMetrics.OfTemplates,
        { Facts: MachineFacts } => MachineMetrics.All,
        { Facts: HostFacts } => HostMetrics.All,
        { Facts: PoolFacts } => PoolMetrics.All,
        { Facts: DatastoreFacts } => DatastoreMetrics.All,
        { Object.Type: "ClusterComputeResource" } => ClusterMetrics.All,
        { Object.Type: "Datacenter" } => DatacenterMetrics.All,
        _ => [],
    };
}
