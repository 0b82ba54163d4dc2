namespace Observe.Collectors.VCenter.Inventory;

/// <summary>What is followed of each type: only what is used.</summary>
internal static class InventoryProperties
{
    /// <summary>Only to find the way to the datacenter.</summary>
    public static PropertyPaths Folder { get; } = new("Folder", "name", "parent");

    /// <summary>Datacenters.</summary>
    public static PropertyPaths Datacenter { get; } = new("Datacenter", "name", "parent", "overallStatus");

    /// <summary>Clusters, and what single hosts are in.</summary>
    public static PropertyPaths Compute { get; } = new("ComputeResource", "name", "parent", "overallStatus", "triggeredAlarmState");

    /// <summary>ESXi hosts.</summary>
    public static PropertyPaths Host { get; } = new(
        "HostSystem", "name", "parent", "overallStatus", "triggeredAlarmState", "runtime.connectionState", "runtime.powerState", "runtime.inMaintenanceMode",
        "summary.hardware.uuid", "summary.hardware.numCpuCores", "summary.hardware.numCpuThreads", "summary.hardware.cpuMhz", "summary.hardware.memorySize",
        "summary.hardware.vendor", "summary.hardware.model", "summary.config.product");

    /// <summary>VMs and templates.</summary>
    public static PropertyPaths Machine { get; } = new(
        "VirtualMachine", "name", "parent", "parentVApp", "resourcePool", "overallStatus", "triggeredAlarmState", "snapshot", "runtime.host", "runtime.powerState",
        "runtime.connectionState", "config.uuid", "config.instanceUuid", "config.template", "config.hardware.numCPU", "config.hardware.memoryMB");

    /// <summary>Resource pools and vApps.</summary>
    public static PropertyPaths Pool { get; } = new(
        "ResourcePool", "name", "parent", "owner", "overallStatus", "triggeredAlarmState",
        "config.cpuAllocation.reservation", "config.cpuAllocation.limit", "config.cpuAllocation.shares.shares",
        "config.memoryAllocation.reservation", "config.memoryAllocation.limit", "config.memoryAllocation.shares.shares");

    /// <summary>Datastores.</summary>
    public static PropertyPaths Datastore { get; } = new("Datastore", "name", "parent", "overallStatus", "triggeredAlarmState", "summary.accessible", "summary.type");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PropertyPaths> All { get; } = [Folder, Datacenter, Compute, Host, Machine, Pool, Datastore];

    /// <summary>Those of a type, or of the one it is derived from; null if none are.</summary>
    /// <param name="type">An object's type.</param>
    public static PropertyPaths? Of(string type) => type switch
    {
        "VirtualMachine" => Machine,
        "HostSystem" => Host,
        "Datastore" => Datastore,
        "ResourcePool" or "VirtualApp" => Pool,
        "ComputeResource" or "ClusterComputeResource" => Compute,
        "Folder" or "StoragePod" => Folder,
        "Datacenter" => Datacenter,
        _ => null,
    };
}
