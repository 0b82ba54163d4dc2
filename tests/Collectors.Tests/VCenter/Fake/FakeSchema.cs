namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>
/// Which properties each managed type has, and of what types the data objects on the way to them are. What tests set besides is
/// added: a path that is neither is an <c>InvalidProperty</c>.
/// </summary>
internal sealed class FakeSchema
{
    // A line: type, then its paths; a path's own type after a colon, where a value that a test sets beneath it needs one.
    private const string Known = """
        ManagedEntity name parent overallStatus configStatus configIssue alarmActionsEnabled declaredAlarmState triggeredAlarmState:ArrayOfAlarmState recentTask effectiveRole permission disabledMethod customValue tag
        ExtensibleManagedObject value availableField
        Folder childType childEntity
        Datacenter vmFolder hostFolder datastoreFolder networkFolder datastore network configuration
        ComputeResource resourcePool host datastore network environmentBrowser
        ComputeResource summary:ComputeResourceSummary summary.totalCpu summary.totalMemory summary.numCpuCores summary.numCpuThreads summary.effectiveCpu summary.effectiveMemory summary.numHosts summary.numEffectiveHosts summary.overallStatus
        ComputeResource configurationEx:ComputeResourceConfigInfo
        ClusterComputeResource summary:ClusterComputeResourceSummary summary.currentFailoverLevel summary.numVmotions summary.currentBalance summary.targetBalance summary.usageSummary
        ClusterComputeResource configuration configurationEx:ClusterConfigInfoEx configurationEx.dasConfig.enabled configurationEx.drsConfig.enabled recommendation drsRecommendation drsFault actionHistory migrationHistory
        HostSystem runtime:HostRuntimeInfo runtime.connectionState runtime.powerState runtime.inMaintenanceMode runtime.standbyMode runtime.bootTime runtime.inQuarantineMode
        HostSystem summary:HostListSummary summary.host summary.hardware:HostHardwareSummary summary.hardware.vendor summary.hardware.model summary.hardware.uuid summary.hardware.memorySize summary.hardware.cpuModel summary.hardware.cpuMhz summary.hardware.numCpuPkgs summary.hardware.numCpuCores summary.hardware.numCpuThreads
        HostSystem summary.runtime summary.config:HostConfigSummary summary.config.name summary.config.product summary.quickStats:HostListSummaryQuickStats summary.quickStats.overallCpuUsage summary.quickStats.overallMemoryUsage summary.quickStats.uptime summary.overallStatus summary.rebootRequired
        HostSystem hardware:HostHardwareInfo hardware.systemInfo:HostSystemInfo hardware.systemInfo.vendor hardware.systemInfo.model hardware.systemInfo.uuid hardware.cpuInfo:HostCpuInfo hardware.cpuInfo.numCpuPackages hardware.cpuInfo.numCpuCores hardware.cpuInfo.numCpuThreads hardware.cpuInfo.hz hardware.memorySize
        HostSystem config:HostConfigInfo config.product:AboutInfo config.product.version config.product.build config.dateTimeInfo config.network config.storageDevice
        HostSystem vm datastore network configManager
        VirtualMachine runtime:VirtualMachineRuntimeInfo runtime.host runtime.connectionState runtime.powerState runtime.bootTime runtime.maxCpuUsage runtime.maxMemoryUsage runtime.suspendTime runtime.faultToleranceState runtime.question runtime.snapshotInBackground
        VirtualMachine config:VirtualMachineConfigInfo config.name config.uuid config.instanceUuid config.template config.version config.guestId config.guestFullName config.changeVersion config.modified config.annotation config.cpuAllocation:ResourceAllocationInfo config.cpuAllocation.reservation config.cpuAllocation.limit config.cpuAllocation.shares:SharesInfo config.cpuAllocation.shares.shares config.cpuAllocation.shares.level config.memoryAllocation:ResourceAllocationInfo config.memoryAllocation.reservation config.memoryAllocation.limit config.memoryAllocation.shares:SharesInfo config.memoryAllocation.shares.shares config.memoryAllocation.shares.level
        VirtualMachine config.hardware:VirtualHardware config.hardware.numCPU config.hardware.numCoresPerSocket config.hardware.memoryMB config.hardware.device:ArrayOfVirtualDevice config.files config.ftInfo config.managedBy config.extraConfig
        VirtualMachine summary:VirtualMachineSummary summary.vm summary.runtime summary.config:VirtualMachineConfigSummary summary.config.name summary.config.uuid summary.config.instanceUuid summary.config.template summary.config.numCpu summary.config.memorySizeMB summary.config.guestFullName summary.config.guestId summary.config.vmPathName summary.guest summary.overallStatus
        VirtualMachine summary.storage:VirtualMachineStorageSummary summary.storage.committed summary.storage.uncommitted summary.storage.unshared summary.storage.timestamp
        VirtualMachine summary.quickStats:VirtualMachineQuickStats summary.quickStats.overallCpuUsage summary.quickStats.overallCpuDemand summary.quickStats.overallCpuReadiness summary.quickStats.guestMemoryUsage summary.quickStats.hostMemoryUsage summary.quickStats.grantedMemory summary.quickStats.activeMemory summary.quickStats.privateMemory summary.quickStats.sharedMemory summary.quickStats.swappedMemory summary.quickStats.ssdSwappedMemory summary.quickStats.balloonedMemory summary.quickStats.compressedMemory summary.quickStats.consumedOverheadMemory summary.quickStats.uptimeSeconds summary.quickStats.guestHeartbeatStatus summary.quickStats.staticCpuEntitlement summary.quickStats.staticMemoryEntitlement summary.quickStats.distributedCpuEntitlement summary.quickStats.distributedMemoryEntitlement
        VirtualMachine resourcePool parentVApp snapshot:VirtualMachineSnapshotInfo snapshot.currentSnapshot snapshot.rootSnapshotList:ArrayOfVirtualMachineSnapshotTree datastore network guest:GuestInfo guest.hostName guest.ipAddress guest.toolsRunningStatus guest.toolsVersionStatus2 guest.guestState guest.guestFullName guestHeartbeatStatus layoutEx storage:VirtualMachineStorageInfo capability environmentBrowser resourceConfig rootSnapshot
        ResourcePool owner resourcePool vm namespace childConfiguration
        ResourcePool config:ResourceConfigSpec config.entity config.changeVersion config.cpuAllocation:ResourceAllocationInfo config.cpuAllocation.reservation config.cpuAllocation.limit config.cpuAllocation.expandableReservation config.cpuAllocation.overheadLimit config.cpuAllocation.shares:SharesInfo config.cpuAllocation.shares.shares config.cpuAllocation.shares.level config.memoryAllocation:ResourceAllocationInfo config.memoryAllocation.reservation config.memoryAllocation.limit config.memoryAllocation.expandableReservation config.memoryAllocation.overheadLimit config.memoryAllocation.shares:SharesInfo config.memoryAllocation.shares.shares config.memoryAllocation.shares.level
        ResourcePool summary:ResourcePoolSummary summary.name summary.config summary.runtime summary.configuredMemoryMB summary.quickStats:ResourcePoolQuickStats summary.quickStats.overallCpuUsage summary.quickStats.overallCpuDemand summary.quickStats.guestMemoryUsage summary.quickStats.hostMemoryUsage summary.quickStats.distributedCpuEntitlement summary.quickStats.distributedMemoryEntitlement summary.quickStats.staticCpuEntitlement summary.quickStats.staticMemoryEntitlement summary.quickStats.privateMemory summary.quickStats.sharedMemory summary.quickStats.swappedMemory summary.quickStats.balloonedMemory summary.quickStats.overheadMemory summary.quickStats.consumedOverheadMemory summary.quickStats.compressedMemory
        ResourcePool runtime:ResourcePoolRuntimeInfo runtime.overallStatus runtime.cpu:ResourcePoolResourceUsage runtime.cpu.reservationUsed runtime.cpu.reservationUsedForVm runtime.cpu.unreservedForPool runtime.cpu.unreservedForVm runtime.cpu.overallUsage runtime.cpu.maxUsage runtime.memory:ResourcePoolResourceUsage runtime.memory.reservationUsed runtime.memory.reservationUsedForVm runtime.memory.unreservedForPool runtime.memory.unreservedForVm runtime.memory.overallUsage runtime.memory.maxUsage
        VirtualApp parentFolder parentVApp datastore network vAppConfig childLink
        Datastore summary:DatastoreSummary summary.name summary.url summary.capacity summary.freeSpace summary.uncommitted summary.accessible summary.multipleHostAccess summary.type summary.maintenanceMode info:DatastoreInfo info.name info.url info.freeSpace host vm browser capability iormConfiguration
        Network summary host vm
        ServiceInstance content:ServiceContent serverClock capability
        SessionManager currentSession sessionList defaultLocale message
        PropertyCollector filter
        PropertyFilter spec partialUpdates
        ViewManager viewList
        ManagedObjectView view
        ContainerView container type recursive
        EventManager maxCollector latestEvent description
        HistoryCollector filter
        EventHistoryCollector latestPage
        TaskManager recentTask maxCollector description
        TaskHistoryCollector latestPage
        Task info:TaskInfo info.key info.task info.name info.descriptionId info.entity info.entityName info.state info.cancelled info.cancelable info.error info.result info.progress info.reason info.queueTime info.startTime info.completeTime info.eventChainId
        PerformanceManager perfCounter historicalInterval description
        OptionManager setting supportedOption
        AlarmManager defaultExpression description
        Alarm info:AlarmInfo info.name info.key info.enabled info.description
        VirtualMachineSnapshot config childSnapshot
        """;

    private static readonly Dictionary<string, Dictionary<string, string?>> Base = Read();

    private readonly HashSet<(string Type, string Path)> more = [];
    private readonly HashSet<(string Type, string Path)> found = [];

    /// <summary>Whether a type has a property.</summary>
    public bool Has(string type, string path)
    {
        var plain = PropertyPath.Plain(path);
        if (found.Contains((type, plain)))
            return true;
        var isThere = FakeTypes.Line(type).Any(each => (Base.TryGetValue(each, out var paths) && paths.ContainsKey(plain)) || more.Contains((each, plain)));
        if (isThere)
            found.Add((type, plain));
        return isThere;
    }

    /// <summary>Type of the data object at a path; null if it is not known.</summary>
    public static string? TypeAt(string type, string path)
    {
        foreach (var each in FakeTypes.Line(type))
        {
            if (Base.TryGetValue(each, out var paths) && paths.TryGetValue(path, out var found) && found is not null)
                return found;
        }
        return null;
    }

    /// <summary>A property that a test has set is one, and all above it.</summary>
    public void Add(string type, string path)
    {
        var plain = PropertyPath.Plain(path);
        while (plain.Length > 0 && !Has(type, plain))
        {
            more.Add((type, plain));
            plain = plain.LastIndexOf('.') is var dot and > 0 ? plain[..dot] : "";
        }
    }

    private static Dictionary<string, Dictionary<string, string?>> Read()
    {
        var all = new Dictionary<string, Dictionary<string, string?>>(StringComparer.Ordinal);
        foreach (var line in Known.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            if (!all.TryGetValue(words[0], out var paths))
                all[words[0]] = paths = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach (var word in words.Skip(1))
            {
                var parts = word.Split(':');
                paths[parts[0]] = parts.Length > 1 ? parts[1] : null;
                for (var dot = parts[0].IndexOf('.'); dot > 0; dot = parts[0].IndexOf('.', dot + 1))
                    paths.TryAdd(parts[0][..dot], null);
            }
        }
        return all;
    }
}
