using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>Objects that every vCenter has.</summary>
internal static class FakeServices
{
    public static readonly ManagedObject ServiceInstance = new("ServiceInstance", "ServiceInstance");
    public static readonly ManagedObject RootFolder = new("Folder", "group-d1");
    public static readonly ManagedObject PropertyCollector = new("PropertyCollector", "propertyCollector");
    public static readonly ManagedObject ViewManager = new("ViewManager", "ViewManager");
    public static readonly ManagedObject SessionManager = new("SessionManager", "SessionManager");
    public static readonly ManagedObject PerfManager = new("PerformanceManager", "PerfMgr");
    public static readonly ManagedObject EventManager = new("EventManager", "EventManager");
    public static readonly ManagedObject TaskManager = new("TaskManager", "TaskManager");
    public static readonly ManagedObject Setting = new("OptionManager", "VpxSettings");
    public static readonly ManagedObject AlarmManager = new("AlarmManager", "AlarmManager");
}
