using Observe.Telemetry.Model;
using static Observe.Telemetry.Model.MetricKind;
using static Observe.Telemetry.Model.MetricScope;

namespace Observe.Telemetry;

/// <content>What things in an inventory are, where they are, and what they use.</content>
public static partial class VCenterMetrics
{
    /// <summary>Clusters in the datacenter, by status.</summary>
    public static readonly MetricDescriptor DatacenterClusterCount = new("vcenter_datacenter_cluster_count", "vcenter.datacenter.cluster.count", "{clusters}", Gauge, VCenter,
        "Clusters in the datacenter, by status", "status");

    /// <summary>Hosts in the datacenter, by status and power state.</summary>
    public static readonly MetricDescriptor DatacenterHostCount = new("vcenter_datacenter_host_count", "vcenter.datacenter.host.count", "{hosts}", Gauge, VCenter,
        "Hosts in the datacenter, by status and power state", "status", "power_state");

    /// <summary>VMs in the datacenter, by status and power state; without templates.</summary>
    public static readonly MetricDescriptor DatacenterVmCount = new("vcenter_datacenter_vm_count", "vcenter.datacenter.vm.count", "{virtual_machines}", Gauge, VCenter,
        "VMs in the datacenter, by status and power state; without templates", "status", "power_state");

    /// <summary>Datastores in the datacenter.</summary>
    public static readonly MetricDescriptor DatacenterDatastoreCount = new("vcenter_datacenter_datastore_count", "vcenter.datacenter.datastore.count", "{datastores}", Gauge, VCenter,
        "Datastores in the datacenter");

    /// <summary>Space of the datacenter's datastores that hosts reach, used and available.</summary>
    public static readonly MetricDescriptor DatacenterDiskSpace = new("vcenter_datacenter_disk_space_bytes", "vcenter.datacenter.disk.space", "By", Gauge, VCenter,
        "Space of the datacenter's datastores that hosts reach, used and available", "disk_state");

    /// <summary>CPU of all hosts in the datacenter.</summary>
    public static readonly MetricDescriptor DatacenterCpuLimit = new("vcenter_datacenter_cpu_limit_MHz", "vcenter.datacenter.cpu.limit", "MHz", Gauge, VCenter,
        "CPU of all hosts in the datacenter");

    /// <summary>Memory of all hosts in the datacenter.</summary>
    public static readonly MetricDescriptor DatacenterMemoryLimit = new("vcenter_datacenter_memory_limit_bytes", "vcenter.datacenter.memory.limit", "By", Gauge, VCenter,
        "Memory of all hosts in the datacenter");

    /// <summary>CPU of all hosts in the cluster.</summary>
    public static readonly MetricDescriptor ClusterCpuLimit = new("vcenter_cluster_cpu_limit_MHz", "vcenter.cluster.cpu.limit", "MHz", Gauge, VCenter,
        "CPU of all hosts in the cluster");

    /// <summary>CPU in the cluster that VMs may use: of hosts that are connected and not in maintenance mode, less what hosts need for themselves.</summary>
    public static readonly MetricDescriptor ClusterCpuEffective = new("vcenter_cluster_cpu_effective_MHz", "vcenter.cluster.cpu.effective", "MHz", Gauge, VCenter,
        "CPU in the cluster that VMs may use: of hosts that are connected and not in maintenance mode, less what hosts need for themselves");

    /// <summary>Memory of all hosts in the cluster.</summary>
    public static readonly MetricDescriptor ClusterMemoryLimit = new("vcenter_cluster_memory_limit_bytes", "vcenter.cluster.memory.limit", "By", Gauge, VCenter,
        "Memory of all hosts in the cluster");

    /// <summary>Memory in the cluster that VMs may use, as with its CPU.</summary>
    public static readonly MetricDescriptor ClusterMemoryEffective = new("vcenter_cluster_memory_effective_bytes", "vcenter.cluster.memory.effective", "By", Gauge, VCenter,
        "Memory in the cluster that VMs may use, as with its CPU");

    /// <summary>Hosts in the cluster, by whether VMs may run on them.</summary>
    public static readonly MetricDescriptor ClusterHostCount = new("vcenter_cluster_host_count", "vcenter.cluster.host.count", "{hosts}", Gauge, VCenter,
        "Hosts in the cluster, by whether VMs may run on them", "effective");

    /// <summary>VMs in the cluster, by power state; without templates.</summary>
    public static readonly MetricDescriptor ClusterVmCount = new("vcenter_cluster_vm_count", "vcenter.cluster.vm.count", "{virtual_machines}", Gauge, VCenter,
        "VMs in the cluster, by power state; without templates", "power_state");

    /// <summary>Templates in the cluster.</summary>
    public static readonly MetricDescriptor ClusterTemplateCount = new("vcenter_cluster_vm_template_count", "vcenter.cluster.vm_template.count", "{virtual_machine_templates}", Gauge, VCenter,
        "Templates in the cluster");

    /// <summary>Space of the datastore, used and available.</summary>
    public static readonly MetricDescriptor DatastoreDiskUsage = new("vcenter_datastore_disk_usage_bytes", "vcenter.datastore.disk.usage", "By", Gauge, VCenter,
        "Space of the datastore, used and available", "disk_state");

    /// <summary>Space of the datastore that is used, in percent.</summary>
    public static readonly MetricDescriptor DatastoreDiskUtilization = new("vcenter_datastore_disk_utilization_percent", "vcenter.datastore.disk.utilization", "%", Gauge, VCenter,
        "Space of the datastore that is used, in percent");

    /// <summary>Whether a host reaches the datastore.</summary>
    public static readonly MetricDescriptor DatastoreAccessible = new("observe_vcenter_datastore_accessible", "observe.vcenter.datastore.accessible", "{datastore}", Gauge, VCenter,
        "Whether a host reaches the datastore");

    /// <summary>CPU of the host: its cores at their nominal frequency.</summary>
    public static readonly MetricDescriptor HostCpuCapacity = new("vcenter_host_cpu_capacity_MHz", "vcenter.host.cpu.capacity", "MHz", Gauge, VCenter,
        "CPU of the host: its cores at their nominal frequency");

    /// <summary>CPU of the host that is used.</summary>
    public static readonly MetricDescriptor HostCpuUsage = new("vcenter_host_cpu_usage_MHz", "vcenter.host.cpu.usage", "MHz", Gauge, VCenter,
        "CPU of the host that is used");

    /// <summary>CPU of the host that is used, in percent of its capacity.</summary>
    public static readonly MetricDescriptor HostCpuUtilization = new("vcenter_host_cpu_utilization_percent", "vcenter.host.cpu.utilization", "%", Gauge, VCenter,
        "CPU of the host that is used, in percent of its capacity");

    /// <summary>Memory of the host.</summary>
    public static readonly MetricDescriptor HostMemoryCapacity = new("vcenter_host_memory_capacity_mebibytes", "vcenter.host.memory.capacity", "MiBy", Gauge, VCenter,
        "Memory of the host");

    /// <summary>Memory of the host that is used.</summary>
    public static readonly MetricDescriptor HostMemoryUsage = new("vcenter_host_memory_usage_mebibytes", "vcenter.host.memory.usage", "MiBy", Gauge, VCenter,
        "Memory of the host that is used");

    /// <summary>Memory of the host that is used, in percent.</summary>
    public static readonly MetricDescriptor HostMemoryUtilization = new("vcenter_host_memory_utilization_percent", "vcenter.host.memory.utilization", "%", Gauge, VCenter,
        "Memory of the host that is used, in percent");

    /// <summary>1 for the power state that the host is in.</summary>
    public static readonly MetricDescriptor HostPower = new("observe_vcenter_host_power", "observe.vcenter.host.power", "{host}", Gauge, VCenter,
        "1 for the power state that the host is in", "power_state");

    /// <summary>1 for what the connection between vCenter and host is: connected, disconnected or not_responding.</summary>
    public static readonly MetricDescriptor HostConnection = new("observe_vcenter_host_connection", "observe.vcenter.host.connection", "{host}", Gauge, VCenter,
        "1 for what the connection between vCenter and host is: connected, disconnected or not_responding", "state");

    /// <summary>Whether the host is in maintenance mode.</summary>
    public static readonly MetricDescriptor HostMaintenance = new("observe_vcenter_host_maintenance", "observe.vcenter.host.maintenance", "{host}", Gauge, VCenter,
        "Whether the host is in maintenance mode");

    /// <summary>Where the ESXi host is and what it is; host_id is its SMBIOS UUID, object its id in its vCenter.</summary>
    public static readonly MetricDescriptor HostInfo = new("observe_vcenter_host_info", "observe.vcenter.host.info", "", Info, VCenter,
        "Where the ESXi host is and what it is; host_id is its SMBIOS UUID, object its id in its vCenter", "vcenter_cluster_name", "host_id", "object", "version", "build", "vendor", "model");

    /// <summary>CPU that the VMs of the resource pool use.</summary>
    public static readonly MetricDescriptor PoolCpuUsage = new("vcenter_resource_pool_cpu_usage_MHz", "vcenter.resource_pool.cpu.usage", "MHz", Gauge, VCenter,
        "CPU that the VMs of the resource pool use");

    /// <summary>Weight of the resource pool for CPU.</summary>
    public static readonly MetricDescriptor PoolCpuShares = new("vcenter_resource_pool_cpu_shares", "vcenter.resource_pool.cpu.shares", "{shares}", Gauge, VCenter,
        "Weight of the resource pool for CPU");

    /// <summary>CPU that is kept for the resource pool.</summary>
    public static readonly MetricDescriptor PoolCpuReservation = new("observe_vcenter_resource_pool_cpu_reservation_hertz", "observe.vcenter.resource_pool.cpu.reservation", "Hz", Gauge, VCenter,
        "CPU that is kept for the resource pool");

    /// <summary>CPU that the resource pool may use at most; absent without a limit.</summary>
    public static readonly MetricDescriptor PoolCpuLimit = new("observe_vcenter_resource_pool_cpu_limit_hertz", "observe.vcenter.resource_pool.cpu.limit", "Hz", Gauge, VCenter,
        "CPU that the resource pool may use at most; absent without a limit");

    /// <summary>Memory of the resource pool's VMs: what guests use actively (guest), what hosts gave for that (host) and need for running them (overhead).</summary>
    public static readonly MetricDescriptor PoolMemoryUsage = new("vcenter_resource_pool_memory_usage_mebibytes", "vcenter.resource_pool.memory.usage", "MiBy", Gauge, VCenter,
        "Memory of the resource pool's VMs: what guests use actively (guest), what hosts gave for that (host) and need for running them (overhead)", "type");

    /// <summary>Memory that the resource pool's VMs were given, of their own or shared with others.</summary>
    public static readonly MetricDescriptor PoolMemoryGranted = new("vcenter_resource_pool_memory_granted_mebibytes", "vcenter.resource_pool.memory.granted", "MiBy", Gauge, VCenter,
        "Memory that the resource pool's VMs were given, of their own or shared with others", "type");

    /// <summary>Memory of the resource pool's VMs that hosts have swapped out.</summary>
    public static readonly MetricDescriptor PoolMemorySwapped = new("vcenter_resource_pool_memory_swapped_mebibytes", "vcenter.resource_pool.memory.swapped", "MiBy", Gauge, VCenter,
        "Memory of the resource pool's VMs that hosts have swapped out");

    /// <summary>Memory that balloon drivers took from the resource pool's VMs.</summary>
    public static readonly MetricDescriptor PoolMemoryBallooned = new("vcenter_resource_pool_memory_ballooned_mebibytes", "vcenter.resource_pool.memory.ballooned", "MiBy", Gauge, VCenter,
        "Memory that balloon drivers took from the resource pool's VMs");

    /// <summary>Weight of the resource pool for memory.</summary>
    public static readonly MetricDescriptor PoolMemoryShares = new("vcenter_resource_pool_memory_shares", "vcenter.resource_pool.memory.shares", "{shares}", Gauge, VCenter,
        "Weight of the resource pool for memory");

    /// <summary>Memory that is kept for the resource pool.</summary>
    public static readonly MetricDescriptor PoolMemoryReservation = new("observe_vcenter_resource_pool_memory_reservation_bytes", "observe.vcenter.resource_pool.memory.reservation", "By", Gauge, VCenter,
        "Memory that is kept for the resource pool");

    /// <summary>Memory that the resource pool may use at most; absent without a limit.</summary>
    public static readonly MetricDescriptor PoolMemoryLimit = new("observe_vcenter_resource_pool_memory_limit_bytes", "observe.vcenter.resource_pool.memory.limit", "By", Gauge, VCenter,
        "Memory that the resource pool may use at most; absent without a limit");

    /// <summary>CPU that the VM uses.</summary>
    public static readonly MetricDescriptor MachineCpuUsage = new("vcenter_vm_cpu_usage_MHz", "vcenter.vm.cpu.usage", "MHz", Gauge, VCenter,
        "CPU that the VM uses");

    /// <summary>CPU that the VM uses, in percent of its vCPUs at the host's nominal frequency.</summary>
    public static readonly MetricDescriptor MachineCpuUtilization = new("vcenter_vm_cpu_utilization_percent", "vcenter.vm.cpu.utilization", "%", Gauge, VCenter,
        "CPU that the VM uses, in percent of its vCPUs at the host's nominal frequency");

    /// <summary>Memory that the guest uses actively, as the host estimates it.</summary>
    public static readonly MetricDescriptor MachineMemoryUsage = new("vcenter_vm_memory_usage_mebibytes", "vcenter.vm.memory.usage", "MiBy", Gauge, VCenter,
        "Memory that the guest uses actively, as the host estimates it");

    /// <summary>Memory that the guest uses actively, in percent of what the VM has.</summary>
    public static readonly MetricDescriptor MachineMemoryUtilization = new("vcenter_vm_memory_utilization_percent", "vcenter.vm.memory.utilization", "%", Gauge, VCenter,
        "Memory that the guest uses actively, in percent of what the VM has");

    /// <summary>Memory that the balloon driver took from the guest.</summary>
    public static readonly MetricDescriptor MachineMemoryBallooned = new("vcenter_vm_memory_ballooned_mebibytes", "vcenter.vm.memory.ballooned", "MiBy", Gauge, VCenter,
        "Memory that the balloon driver took from the guest");

    /// <summary>Memory of the VM that the host has swapped out.</summary>
    public static readonly MetricDescriptor MachineMemorySwapped = new("vcenter_vm_memory_swapped_mebibytes", "vcenter.vm.memory.swapped", "MiBy", Gauge, VCenter,
        "Memory of the VM that the host has swapped out");

    /// <summary>Memory of the VM that the host has swapped out to its fast device.</summary>
    public static readonly MetricDescriptor MachineMemorySwappedSsd = new("vcenter_vm_memory_swapped_ssd_kibibytes", "vcenter.vm.memory.swapped_ssd", "KiBy", Gauge, VCenter,
        "Memory of the VM that the host has swapped out to its fast device");

    /// <summary>Memory that the host has given to the VM.</summary>
    public static readonly MetricDescriptor MachineMemoryGranted = new("vcenter_vm_memory_granted_mebibytes", "vcenter.vm.memory.granted", "MiBy", Gauge, VCenter,
        "Memory that the host has given to the VM");

    /// <summary>Space of the VM on datastores: used, and what it may take in addition (available).</summary>
    public static readonly MetricDescriptor MachineDiskUsage = new("vcenter_vm_disk_usage_bytes", "vcenter.vm.disk.usage", "By", Gauge, VCenter,
        "Space of the VM on datastores: used, and what it may take in addition (available)", "disk_state");

    /// <summary>Space of the VM on datastores that is used, in percent of what it may take.</summary>
    public static readonly MetricDescriptor MachineDiskUtilization = new("vcenter_vm_disk_utilization_percent", "vcenter.vm.disk.utilization", "%", Gauge, VCenter,
        "Space of the VM on datastores that is used, in percent of what it may take");

    /// <summary>1 for the power state that the VM is in.</summary>
    public static readonly MetricDescriptor MachinePower = new("observe_vcenter_vm_power", "observe.vcenter.vm.power", "{virtual_machine}", Gauge, VCenter,
        "1 for the power state that the VM is in", "power_state");

    /// <summary>Whether the vCenter reaches the VM through its host.</summary>
    public static readonly MetricDescriptor MachineConnected = new("observe_vcenter_vm_connected", "observe.vcenter.vm.connected", "{virtual_machine}", Gauge, VCenter,
        "Whether the vCenter reaches the VM through its host");

    /// <summary>Virtual CPUs of the VM.</summary>
    public static readonly MetricDescriptor MachineCpus = new("observe_vcenter_vm_cpus", "observe.vcenter.vm.cpus", "{cpu}", Gauge, VCenter,
        "Virtual CPUs of the VM");

    /// <summary>Memory that the VM was given.</summary>
    public static readonly MetricDescriptor MachineMemorySize = new("observe_vcenter_vm_memory_size_bytes", "observe.vcenter.vm.memory.size", "By", Gauge, VCenter,
        "Memory that the VM was given");

    /// <summary>Snapshots that the VM has, of all branches; absent without any.</summary>
    public static readonly MetricDescriptor MachineSnapshots = new("observe_vcenter_vm_snapshots", "observe.vcenter.vm.snapshots", "{snapshot}", Gauge, VCenter,
        "Snapshots that the VM has, of all branches; absent without any");

    /// <summary>Where the VM is; host_id is what its guest sees in SMBIOS, object its id in its vCenter; join on vcenter_vm_id.</summary>
    public static readonly MetricDescriptor MachineInfo = new("observe_vcenter_vm_info", "observe.vcenter.vm.info", "", Info, VCenter,
        "Where the VM is; host_id is what its guest sees in SMBIOS, object its id in its vCenter; join on vcenter_vm_id", "vcenter_datacenter_name", "vcenter_cluster_name", "vcenter_host_name", "vcenter_resource_pool_inventory_path", "vcenter_virtual_app_inventory_path", "host_id", "object");

    /// <summary>1 for the overall status that the vCenter gives it: red, yellow, green or gray (not known).</summary>
    public static readonly MetricDescriptor Status = new("observe_vcenter_status", "observe.vcenter.status", "{object}", Gauge, VCenter,
        "1 for the overall status that the vCenter gives it: red, yellow, green or gray (not known)", "status");

    /// <summary>Alarms of its own that are triggered, by status; absent without any.</summary>
    public static readonly MetricDescriptor Alarms = new("observe_vcenter_alarms", "observe.vcenter.alarms", "{alarm}", Gauge, VCenter,
        "Alarms of its own that are triggered, by status; absent without any", "status");

    /// <summary>Objects of the vCenter's inventory that are known, by type.</summary>
    public static readonly MetricDescriptor InventoryObjects = new("observe_vcenter_inventory_objects", "observe.vcenter.inventory.objects", "{object}", Gauge, Host,
        "Objects of the vCenter's inventory that are known, by type", "vcenter", "type");

    /// <summary>Whether all of the inventory has been told since it was last begun anew.</summary>
    public static readonly MetricDescriptor InventoryComplete = new("observe_vcenter_inventory_complete", "observe.vcenter.inventory.complete", "{inventory}", Gauge, Host,
        "Whether all of the inventory has been told since it was last begun anew", "vcenter");

    /// <summary>Times that the vCenter was asked for everything, the first time included: of what things are (inventory) and of what they use (usage).</summary>
    public static readonly MetricDescriptor InventoryResyncs = new("observe_vcenter_inventory_resyncs_total", "observe.vcenter.inventory.resyncs", "{resync}", Counter, Host,
        "Times that the vCenter was asked for everything, the first time included: of what things are (inventory) and of what they use (usage)", "vcenter", "part");

    /// <summary>Updates of objects that the vCenter pushed.</summary>
    public static readonly MetricDescriptor InventoryUpdates = new("observe_vcenter_inventory_updates_total", "observe.vcenter.inventory.updates", "{update}", Counter, Host,
        "Updates of objects that the vCenter pushed", "vcenter", "part");

    /// <summary>When the vCenter last said what changed, or that nothing did, in seconds since the Unix epoch; absent before everything was told once.</summary>
    public static readonly MetricDescriptor InventoryLastHeard = new("observe_vcenter_inventory_last_heard_timestamp_seconds", "observe.vcenter.inventory.last_heard.timestamp", "s", Gauge, Host,
        "When the vCenter last said what changed, or that nothing did, in seconds since the Unix epoch; absent before everything was told once", "vcenter", "part");

    /// <summary>Which VM of a watched vCenter this host is; recognised by its SMBIOS UUID; absent if there is none, or more than one.</summary>
    public static readonly MetricDescriptor HostVmInfo = new("observe_host_vm_info", "observe.host.vm.info", "", Info, Host,
        "Which VM of a watched vCenter this host is; recognised by its SMBIOS UUID; absent if there is none, or more than one", "vcenter", "vcenter_vm_name", "vcenter_vm_id", "vcenter_host_name", "vcenter_cluster_name", "vcenter_datacenter_name");

    /// <summary>VMs of watched vCenters with this host's SMBIOS UUID; with more than one it is not known which of them this host is.</summary>
    public static readonly MetricDescriptor HostVmCandidates = new("observe_host_vm_candidates", "observe.host.vm.candidates", "{virtual_machine}", Gauge, Host,
        "VMs of watched vCenters with this host's SMBIOS UUID; with more than one it is not known which of them this host is");

    private static MetricDescriptor[] InventoryMetrics =>
    [
        DatacenterClusterCount, DatacenterHostCount, DatacenterVmCount, DatacenterDatastoreCount, DatacenterDiskSpace, DatacenterCpuLimit,
        DatacenterMemoryLimit, ClusterCpuLimit, ClusterCpuEffective, ClusterMemoryLimit, ClusterMemoryEffective, ClusterHostCount, ClusterVmCount,
        ClusterTemplateCount, DatastoreDiskUsage, DatastoreDiskUtilization, DatastoreAccessible, HostCpuCapacity, HostCpuUsage, HostCpuUtilization,
        HostMemoryCapacity, HostMemoryUsage, HostMemoryUtilization, HostPower, HostConnection, HostMaintenance, HostInfo, PoolCpuUsage, PoolCpuShares,
        PoolCpuReservation, PoolCpuLimit, PoolMemoryUsage, PoolMemoryGranted, PoolMemorySwapped, PoolMemoryBallooned, PoolMemoryShares,
        PoolMemoryReservation, PoolMemoryLimit, MachineCpuUsage, MachineCpuUtilization, MachineMemoryUsage, MachineMemoryUtilization,
        MachineMemoryBallooned, MachineMemorySwapped, MachineMemorySwappedSsd, MachineMemoryGranted, MachineDiskUsage, MachineDiskUtilization,
        MachinePower, MachineConnected, MachineCpus, MachineMemorySize, MachineSnapshots, MachineInfo, Status, Alarms, InventoryObjects,
        InventoryComplete, InventoryResyncs, InventoryUpdates, InventoryLastHeard, HostVmInfo, HostVmCandidates,
    ];
}
