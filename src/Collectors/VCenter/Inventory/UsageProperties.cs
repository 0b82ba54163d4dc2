namespace Observe.Collectors.VCenter.Inventory;

/// <summary>
/// What changes all the time, followed apart from what things are: numbers that servers refresh about every 20 s for every VM, asked
/// for at our own pace. Each is a whole number.
/// </summary>
internal static class UsageProperties
{
    private const string Quick = "summary.quickStats.";

    /// <summary>Of VMs.</summary>
    public static PropertyPaths Machine { get; } = new(
        "VirtualMachine", $"{Quick}overallCpuUsage", $"{Quick}guestMemoryUsage", $"{Quick}balloonedMemory", $"{Quick}swappedMemory", $"{Quick}ssdSwappedMemory",
        $"{Quick}grantedMemory", "summary.storage.committed", "summary.storage.uncommitted");

    /// <summary>Of hosts.</summary>
    public static PropertyPaths Host { get; } = new("HostSystem", $"{Quick}overallCpuUsage", $"{Quick}overallMemoryUsage");

    /// <summary>Of pools and vApps.</summary>
    public static PropertyPaths Pool { get; } = new(
        "ResourcePool", $"{Quick}overallCpuUsage", $"{Quick}guestMemoryUsage", $"{Quick}hostMemoryUsage", $"{Quick}overheadMemory", $"{Quick}privateMemory",
        $"{Quick}sharedMemory", $"{Quick}swappedMemory", $"{Quick}balloonedMemory");

    /// <summary>Of clusters.</summary>
    public static PropertyPaths Compute { get; } = new(
        "ComputeResource", "summary.totalCpu", "summary.effectiveCpu", "summary.totalMemory", "summary.effectiveMemory", "summary.numHosts", "summary.numEffectiveHosts");

    /// <summary>Of datastores.</summary>
    public static PropertyPaths Datastore { get; } = new("Datastore", "summary.capacity", "summary.freeSpace");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PropertyPaths> All { get; } = [Machine, Host, Pool, Compute, Datastore];

    /// <summary>Those of a type, or of the one it is derived from; null if none are.</summary>
    /// <param name="type">An object's type.</param>
    public static PropertyPaths? Of(string type) => type switch
    {
        "VirtualMachine" => Machine,
        "HostSystem" => Host,
        "ResourcePool" or "VirtualApp" => Pool,
        "ComputeResource" or "ClusterComputeResource" => Compute,
        "Datastore" => Datastore,
        _ => null,
    };
}
