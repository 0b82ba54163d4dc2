using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>Things as a vCenter has them: with their usual properties, linked to each other.</summary>
internal sealed partial class FakeInventory
{
    private const long GiB = 1L << 30;

    /// <summary>A datacenter with its four folders.</summary>
    public ManagedObject AddDatacenter(string name, ManagedObject? folder = null)
    {
        var datacenter = new ManagedObject("Datacenter", vcenter.NewId("datacenter-"));
        var (vms, hosts, stores, networks) = (FolderOf('v'), FolderOf('h'), FolderOf('s'), FolderOf('n'));
        Add(datacenter, [.. Entity(name, folder ?? RootFolder), ("vmFolder", Values.Ref(vms)), ("hostFolder", Values.Ref(hosts)), ("datastoreFolder", Values.Ref(stores)), ("networkFolder", Values.Ref(networks))]);
        Add(vms, Entity("vm", datacenter));
        Add(hosts, Entity("host", datacenter));
        Add(stores, Entity("datastore", datacenter));
        Add(networks, Entity("network", datacenter));
        return datacenter;
    }

    /// <summary>A folder in a folder.</summary>
    public ManagedObject AddFolder(string name, ManagedObject parent) => Add(FolderOf('d'), Entity(name, parent));

    /// <summary>A cluster in a datacenter, or in one of its folders of hosts, with its root resource pool.</summary>
    public ManagedObject AddCluster(string name, ManagedObject parent) => AddCompute("ClusterComputeResource", "domain-c", name, parent);

    /// <summary>A host in a cluster; or by itself in a datacenter, which makes a compute resource of it.</summary>
    public ManagedObject AddHost(string name, ManagedObject parent, int cores = 16, int mhz = 2500, long memory = 256 * GiB)
    {
        var compute = FakeTypes.Is(parent.Type, "ComputeResource") ? parent : AddCompute("ComputeResource", "domain-s", name, parent);
        var host = new ManagedObject("HostSystem", vcenter.NewId("host-"));
        Add(host, [
            .. Entity(name, compute),
            ("runtime.connectionState", Values.Text("connected", "HostSystemConnectionState")),
            ("runtime.powerState", Values.Text("poweredOn", "HostSystemPowerState")),
            ("runtime.inMaintenanceMode", Values.Bool(false)),
            ("runtime.bootTime", Values.Time(vcenter.Clock.Now - TimeSpan.FromDays(3))),
            ("hardware.systemInfo.uuid", Values.Text(NewUuid())),
            ("hardware.memorySize", Values.Long(memory)),
            ("hardware.cpuInfo.numCpuCores", Values.Int(cores, "short")),
            ("hardware.cpuInfo.numCpuThreads", Values.Int(cores * 2, "short")),
            ("hardware.cpuInfo.hz", Values.Long(mhz * 1_000_000L)),
            ("summary.host", Values.Ref(host)),
            ("summary.hardware.memorySize", Values.Long(memory)),
            ("summary.hardware.cpuModel", Values.Text("Intel(R) Xeon(R) Gold 6248")),
            ("summary.hardware.cpuMhz", Values.Int(mhz)),
            ("summary.hardware.numCpuPkgs", Values.Int(2, "short")),
            ("summary.hardware.numCpuCores", Values.Int(cores, "short")),
            ("summary.hardware.numCpuThreads", Values.Int(cores * 2, "short")),
            ("summary.quickStats.overallCpuUsage", Values.Int(cores * mhz / 4)),
            ("summary.quickStats.overallMemoryUsage", Values.Int(memory / 4 >> 20)),
            ("summary.quickStats.uptime", Values.Int(3 * 86400)),
            ("summary.overallStatus", Values.Text("green", "ManagedEntityStatus")),
            ("config.product.version", Values.Text("8.0.2")),
            ("vm", Values.Refs([])),
        ]);
        Set(host, "summary.hardware.uuid", Get(host, "hardware.systemInfo.uuid"));
        Link(compute, "host", host);
        return host;
    }

    /// <summary>A resource pool in another, or in a cluster's.</summary>
    public ManagedObject AddPool(string name, ManagedObject parent, string type = "ResourcePool")
    {
        var above = FakeTypes.Is(parent.Type, "ComputeResource") ? Get(parent, "resourcePool")!.AsManagedObject!.Value : parent;
        return AddPool(new ManagedObject(type, vcenter.NewId(type == "VirtualApp" ? "resgroup-v" : "resgroup-")), name, above, Get(above, "owner")!.AsManagedObject!.Value);
    }

    /// <summary>A datastore of a datacenter.</summary>
    public ManagedObject AddDatastore(string name, ManagedObject datacenter, long capacity = 1024 * GiB, long free = 512 * GiB)
    {
        var store = new ManagedObject("Datastore", vcenter.NewId("datastore-"));
        Add(store, [
            .. Entity(name, Get(datacenter, "datastoreFolder")!.AsManagedObject!.Value),
            ("summary.name", Values.Text(name)),
            ("summary.url", Values.Text($"ds:///vmfs/volumes/{NewUuid()}/")),
            ("summary.capacity", Values.Long(capacity)),
            ("summary.freeSpace", Values.Long(free)),
            ("summary.uncommitted", Values.Long(0)),
            ("summary.accessible", Values.Bool(true)),
            ("summary.multipleHostAccess", Values.Bool(true)),
            ("summary.type", Values.Text("VMFS")),
            ("summary.maintenanceMode", Values.Text("normal")),
        ]);
        Link(datacenter, "datastore", store);
        return store;
    }

    /// <summary>A virtual machine, or a template, on a host; in the pool of its compute resource and the folder of its datacenter unless said otherwise.</summary>
    public ManagedObject AddVm(string name, ManagedObject host, ManagedObject? pool = null, ManagedObject? folder = null, bool isTemplate = false, int cpus = 2, int memoryMegabytes = 4096, bool isOn = true)
    {
        var compute = Get(host, "parent")!.AsManagedObject!.Value;
        var vm = new ManagedObject("VirtualMachine", vcenter.NewId("vm-"));
        var (uuid, instance) = (NewUuid(), NewUuid());
        Add(vm, [
            .. Entity(name, folder ?? Get(DatacenterOf(host), "vmFolder")!.AsManagedObject!.Value),
            ("runtime.host", Values.Ref(host)),
            ("runtime.connectionState", Values.Text("connected", "VirtualMachineConnectionState")),
            ("runtime.powerState", Power(isOn && !isTemplate)),
            ("runtime.maxCpuUsage", Values.Int(cpus * 2500)),
            ("runtime.maxMemoryUsage", Values.Int(memoryMegabytes)),
            ("config.name", Values.Text(name)),
            ("config.uuid", Values.Text(uuid)),
            ("config.instanceUuid", Values.Text(instance)),
            ("config.template", Values.Bool(isTemplate)),
            ("config.hardware.numCPU", Values.Int(cpus)),
            ("config.hardware.memoryMB", Values.Int(memoryMegabytes)),
            ("summary.vm", Values.Ref(vm)),
            ("summary.config.name", Values.Text(name)),
            ("summary.config.uuid", Values.Text(uuid)),
            ("summary.config.instanceUuid", Values.Text(instance)),
            ("summary.config.template", Values.Bool(isTemplate)),
            ("summary.config.numCpu", Values.Int(cpus)),
            ("summary.config.memorySizeMB", Values.Int(memoryMegabytes)),
            ("summary.storage.committed", Values.Long(20 * GiB)),
            ("summary.storage.uncommitted", Values.Long(20 * GiB)),
            ("summary.storage.unshared", Values.Long(20 * GiB)),
            ("summary.quickStats.overallCpuUsage", Values.Int(isOn ? cpus * 500 : 0)),
            ("summary.quickStats.guestMemoryUsage", Values.Int(isOn ? memoryMegabytes / 4 : 0)),
            ("summary.quickStats.hostMemoryUsage", Values.Int(isOn ? memoryMegabytes / 2 : 0)),
            ("summary.quickStats.grantedMemory", Values.Int(isOn ? memoryMegabytes : 0)),
            ("summary.quickStats.swappedMemory", Values.Int(0)),
            ("summary.quickStats.ssdSwappedMemory", Values.Long(0)),
            ("summary.quickStats.balloonedMemory", Values.Int(0)),
            ("summary.quickStats.uptimeSeconds", Values.Int(isOn ? 3600 : 0)),
            // A template is in no pool.
            ("resourcePool", isTemplate ? null : Values.Ref(pool ?? Get(compute, "resourcePool")!.AsManagedObject!.Value)),
        ]);
        Link(host, "vm", vm);
        if (!isTemplate)
            Link(Get(vm, "resourcePool")!.AsManagedObject!.Value, "vm", vm);
        return vm;
    }

    /// <summary>Moves a virtual machine to another host, and into its pool if it is in another cluster.</summary>
    public void MoveVm(ManagedObject vm, ManagedObject host, ManagedObject? pool = null) => vcenter.Batch(() =>
    {
        pool ??= Get(vm, "resourcePool") is null || Get(Get(vm, "runtime.host")!.AsManagedObject!.Value, "parent")!.AsManagedObject == Get(host, "parent")!.AsManagedObject
            ? null
            : Get(Get(host, "parent")!.AsManagedObject!.Value, "resourcePool")!.AsManagedObject;
        Relink(vm, "runtime.host", "vm", host);
        if (pool is { } into)
            Relink(vm, "resourcePool", "vm", into);
    });

    /// <summary>Turns a virtual machine on or off.</summary>
    public void Power(ManagedObject vm, bool isOn) => Set(vm, "runtime.powerState", Power(isOn));

    /// <summary>The datacenter in which something is.</summary>
    public ManagedObject DatacenterOf(ManagedObject entity)
    {
        for (var at = entity; ; at = Get(at, "parent")?.AsManagedObject ?? throw new ArgumentException($"{entity} is in no datacenter"))
        {
            if (at.Type == "Datacenter")
                return at;
        }
    }

    private static VimValue Power(bool isOn) => Values.Text(isOn ? "poweredOn" : "poweredOff", "VirtualMachinePowerState");

    private static (string Path, VimValue? Value)[] Entity(string name, ManagedObject parent) =>
        [("name", Values.Text(name)), ("parent", Values.Ref(parent)), ("overallStatus", Values.Text("green", "ManagedEntityStatus"))];

    private ManagedObject FolderOf(char kind) => new("Folder", vcenter.NewId($"group-{kind}"));

    private string NewUuid() => $"4200{vcenter.Seed & 0xffff:x4}-0000-4000-8000-{vcenter.NextId():x12}";

    private ManagedObject AddCompute(string type, string prefix, string name, ManagedObject parent)
    {
        var compute = new ManagedObject(type, vcenter.NewId(prefix));
        var pool = new ManagedObject("ResourcePool", vcenter.NewId("resgroup-"));
        Add(compute, [
            .. Entity(name, parent.Type == "Datacenter" ? Get(parent, "hostFolder")!.AsManagedObject!.Value : parent),
            ("resourcePool", Values.Ref(pool)),
            ("host", Values.Refs([])),
            ("summary.totalCpu", Values.Int(100_000)),
            ("summary.totalMemory", Values.Long(1024 * GiB)),
            ("summary.numCpuCores", Values.Int(40, "short")),
            ("summary.numCpuThreads", Values.Int(80, "short")),
            ("summary.effectiveCpu", Values.Int(90_000)),
            ("summary.effectiveMemory", Values.Long(1_000_000)),
            ("summary.numHosts", Values.Int(0)),
            ("summary.numEffectiveHosts", Values.Int(0)),
            ("summary.overallStatus", Values.Text("green", "ManagedEntityStatus")),
        ]);
        AddPool(pool, "Resources", compute, compute);
        return compute;
    }

    private ManagedObject AddPool(ManagedObject pool, string name, ManagedObject parent, ManagedObject owner) => Add(pool, [
        .. Entity(name, parent),
        ("owner", Values.Ref(owner)),
        ("vm", Values.Refs([])),
        .. Allocation("config.cpuAllocation", 4000),
        .. Allocation("config.memoryAllocation", 163_840),
        ("summary.name", Values.Text(name)),
        ("summary.configuredMemoryMB", Values.Int(65_536)),
        ("summary.quickStats.overallCpuUsage", Values.Long(1000)),
        ("summary.quickStats.overallCpuDemand", Values.Long(1200)),
        ("summary.quickStats.guestMemoryUsage", Values.Long(2048)),
        ("summary.quickStats.hostMemoryUsage", Values.Long(4096)),
        ("summary.quickStats.privateMemory", Values.Long(4096)),
        ("summary.quickStats.sharedMemory", Values.Long(100)),
        ("summary.quickStats.swappedMemory", Values.Long(0)),
        ("summary.quickStats.balloonedMemory", Values.Long(0)),
        ("summary.quickStats.overheadMemory", Values.Long(64)),
        .. Usage("runtime.cpu", 10_000),
        .. Usage("runtime.memory", 64 * GiB),
    ]);

    private static (string Path, VimValue? Value)[] Allocation(string path, int shares) =>
    [
        ($"{path}.reservation", Values.Long(0)), ($"{path}.expandableReservation", Values.Bool(true)), ($"{path}.limit", Values.Long(-1)),
        ($"{path}.shares.shares", Values.Int(shares)), ($"{path}.shares.level", Values.Text("normal", "SharesLevel")),
    ];

    private static (string Path, VimValue? Value)[] Usage(string path, long most) =>
    [
        ($"{path}.reservationUsed", Values.Long(0)), ($"{path}.reservationUsedForVm", Values.Long(0)), ($"{path}.unreservedForPool", Values.Long(most)),
        ($"{path}.unreservedForVm", Values.Long(most)), ($"{path}.overallUsage", Values.Long(most / 4)), ($"{path}.maxUsage", Values.Long(most)),
    ];

    private void Link(ManagedObject from, string list, ManagedObject to) =>
        Set(from, list, Values.Array("ManagedObjectReference", (Get(from, list)?.Elements ?? []).Append(Values.Ref(to))));

    private void Unlink(ManagedObject from, string list, ManagedObject to)
    {
        if (Contains(from) && Get(from, list) is { } links)
            Set(from, list, Values.Array("ManagedObjectReference", links.Elements.Where(each => each.AsManagedObject != to)));
    }

    private void Relink(ManagedObject one, string path, string list, ManagedObject to)
    {
        if (Get(one, path)?.AsManagedObject is { } from)
            Unlink(from, list, one);
        Set(one, path, to);
        Link(to, list, one);
    }

    private void Unlink(ManagedObject gone)
    {
        foreach (var (path, list) in ((string, string)[])[("runtime.host", "vm"), ("resourcePool", "vm"), ("parent", "host"), ("parent", "datastore")])
        {
            if (Get(gone, path)?.AsManagedObject is { } from)
                Unlink(from, list, gone);
        }
    }
}
