namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>The managed types and what they are derived from.</summary>
internal static class FakeTypes
{
    private static readonly Dictionary<string, string?> Bases = new(StringComparer.Ordinal)
    {
        ["ExtensibleManagedObject"] = null,
        ["ManagedEntity"] = "ExtensibleManagedObject",
        ["Folder"] = "ManagedEntity",
        ["StoragePod"] = "Folder",
        ["Datacenter"] = "ManagedEntity",
        ["ComputeResource"] = "ManagedEntity",
        ["ClusterComputeResource"] = "ComputeResource",
        ["HostSystem"] = "ManagedEntity",
        ["VirtualMachine"] = "ManagedEntity",
        ["ResourcePool"] = "ManagedEntity",
        ["VirtualApp"] = "ResourcePool",
        ["Datastore"] = "ManagedEntity",
        ["Network"] = "ManagedEntity",
        ["DistributedVirtualPortgroup"] = "Network",
        ["DistributedVirtualSwitch"] = "ManagedEntity",
        ["ServiceInstance"] = null,
        ["SessionManager"] = null,
        ["PropertyCollector"] = null,
        ["PropertyFilter"] = null,
        ["ViewManager"] = null,
        ["View"] = null,
        ["ManagedObjectView"] = "View",
        ["ContainerView"] = "ManagedObjectView",
        ["EventManager"] = null,
        ["HistoryCollector"] = null,
        ["EventHistoryCollector"] = "HistoryCollector",
        ["TaskManager"] = null,
        ["TaskHistoryCollector"] = "HistoryCollector",
        ["Task"] = "ExtensibleManagedObject",
        ["PerformanceManager"] = null,
        ["OptionManager"] = null,
        ["AlarmManager"] = null,
        ["Alarm"] = "ExtensibleManagedObject",
        ["AuthorizationManager"] = null,
        ["UserDirectory"] = null,
        ["VirtualMachineSnapshot"] = "ExtensibleManagedObject",
        ["ResourcePlanningManager"] = null,
    };

    public static bool IsManaged(string? type) => type is not null && Bases.ContainsKey(type);

    public static bool Is(string type, string ancestor)
    {
        for (string? each = type; each is not null; each = Bases.GetValueOrDefault(each))
        {
            if (each == ancestor)
                return true;
        }
        return false;
    }

    /// <summary>The type and all that it is derived from.</summary>
    public static IEnumerable<string> Line(string type)
    {
        for (string? each = type; each is not null; each = Bases.GetValueOrDefault(each))
            yield return each;
    }
}
