using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Inventory;

/// <summary>Makes an inventory and changes it at random, in every way that a vCenter's changes.</summary>
internal sealed class RandomInventory
{
    private readonly FakeInventory inventory;
    private readonly Random random;
    private readonly List<ManagedObject> datacenters = [];
    private int made;

    public RandomInventory(FakeVCenter vcenter, int seed)
    {
        inventory = vcenter.Inventory;
        random = new Random(seed);
        var folder = inventory.AddFolder("europe", FakeInventory.RootFolder);
        datacenters.Add(inventory.AddDatacenter("berlin", folder));
        datacenters.Add(inventory.AddDatacenter("oslo"));
        foreach (var datacenter in datacenters)
        {
            // Names repeat over datacenters.
            foreach (var name in (string[])["production", "test"])
            {
                var cluster = inventory.AddCluster(name, datacenter);
                for (var i = 0; i < 2; i++)
                    inventory.AddHost($"esx{i}.{name}.example", cluster);
                inventory.AddPool("gold", cluster);
            }
            inventory.AddHost($"lonely.{made++}.example", datacenter);
            inventory.AddDatastore("shared", datacenter);
        }
        for (var i = 0; i < 40; i++)
            AddVm();
    }

    public Dictionary<string, int> Done { get; } = [];

    private List<ManagedObject> Vms => [.. inventory.All("VirtualMachine")];

    public void Next()
    {
        var (name, change) = Draw();
        change();
        Done[name] = Done.GetValueOrDefault(name) + 1;
    }

    private (string Name, Action Change) Draw() => random.Next(100) switch
    {
        < 12 => ("create", AddVm),
        < 20 => ("delete", () => inventory.Remove(One(Vms))),
        < 32 => ("move host", () => inventory.MoveVm(OneVm(), One(inventory.All("HostSystem")))),
        < 39 => ("move pool", () => inventory.Set(OneVm(), "resourcePool", One(inventory.All("ResourcePool")))),
        < 45 => ("rename", Rename),
        < 55 => ("power", () => inventory.Set(OneVm(), "runtime.powerState", One(["poweredOn", "poweredOff", "suspended"]), "VirtualMachinePowerState")),
        < 63 => ("reconfigure", Reconfigure),
        < 71 => ("snapshot", Snapshot),
        < 78 => ("alarm", Alarm),
        < 82 => ("usage", () => inventory.Set(OneVm(), "summary.quickStats.overallCpuUsage", random.Next(4000))),
        < 85 => ("pool", Pool),
        < 88 => ("host", Host),
        < 90 => ("datastore", Datastore),
        < 92 => ("template", () => inventory.Set(OneVm(), "config.template", random.Next(2) == 0)),
        < 94 => ("inaccessible", Inaccessible),
        < 96 => ("status", () => inventory.Set(One([.. Vms, .. inventory.All("HostSystem"), .. inventory.All("ComputeResource")]), "overallStatus", One(["red", "yellow", "green", "gray"]), "ManagedEntityStatus")),
        < 98 => ("vapp", Enclose),
        _ => ("folder", MoveFolder),
    };

    private void AddVm() => inventory.AddVm(
        // Some names are taken twice, some have what must be escaped.
        random.Next(10) switch { 0 => "copy", 1 => $"a%2fb%255c{made++}", _ => $"vm{made++}" },
        One(inventory.All("HostSystem")), cpus: 1 + random.Next(8), memoryMegabytes: 1024 * (1 + random.Next(16)), isOn: random.Next(4) > 0, isTemplate: random.Next(12) == 0);

    private void Rename()
    {
        var of = One([.. Vms, .. inventory.All("HostSystem"), .. inventory.All("ComputeResource"), .. inventory.All("ResourcePool"), .. inventory.All("Folder").Where(each => each != FakeInventory.RootFolder), .. datacenters]);
        inventory.Set(of, "name", random.Next(3) == 0 ? "copy" : $"renamed{made++}");
    }

    private void Reconfigure()
    {
        var vm = OneVm();
        inventory.Set(vm, ("config.hardware.numCPU", Values.Int(1 + random.Next(16))), ("config.hardware.memoryMB", Values.Int(512 * (1 + random.Next(32)))));
        if (random.Next(4) == 0)
            inventory.Set(vm, "config.instanceUuid", inventory.Get(OneVm(), "config.instanceUuid"));
    }

    /// <summary>Trees of snapshots: a new root, a new child, one that goes, or all.</summary>
    private void Snapshot()
    {
        var vm = OneVm();
        var roots = inventory.Get(vm, "snapshot")?["rootSnapshotList"]?.Elements.ToList() ?? [];
        var key = $"snapshot-{made++}";
        if (roots.Count == 0)
            inventory.Set(vm, "snapshot.currentSnapshot", new ManagedObject("VirtualMachineSnapshot", key));
        switch (random.Next(4))
        {
            case 0 when roots.Count > 0:
                inventory.Set(vm, "snapshot", (VimValue?)null);
                break;
            case 1 when roots.Count > 0:
                inventory.SetElement(vm, "snapshot.rootSnapshotList", "VirtualMachineSnapshotTree", One(roots)["snapshot"]!.Text, null);
                break;
            case 2 when roots.Count > 0:
                var root = One(roots);
                var children = root["childSnapshotList"]?.Elements ?? [];
                inventory.SetElement(vm, "snapshot.rootSnapshotList", "VirtualMachineSnapshotTree", root["snapshot"]!.Text, Tree(root["snapshot"]!.Text, [.. children, Tree(key, [])]));
                break;
            default:
                inventory.SetElement(vm, "snapshot.rootSnapshotList", "VirtualMachineSnapshotTree", key, Tree(key, []));
                break;
        }
    }

    private static VimValue Tree(string key, VimValue[] children) => Values.Of(
        "VirtualMachineSnapshotTree", ("snapshot", Values.Ref(new ManagedObject("VirtualMachineSnapshot", key))), ("name", Values.Text(key)),
        ("childSnapshotList", children.Length == 0 ? null : Values.Array("VirtualMachineSnapshotTree", children)));

    private void Alarm()
    {
        var of = One([.. Vms, .. inventory.All("HostSystem"), .. inventory.All("Datastore")]);
        var key = $"alarm-{random.Next(3)}.{of.Id}";
        var value = random.Next(3) == 0 ? null : Values.Of(
            "AlarmState", ("key", Values.Text(key)), ("entity", Values.Ref(of)), ("alarm", Values.Ref(new ManagedObject("Alarm", "alarm-1"))),
            ("overallStatus", Values.Text(One(["red", "yellow"]), "ManagedEntityStatus")), ("time", Values.Time(DateTimeOffset.UnixEpoch)));
        inventory.SetElement(of, "triggeredAlarmState", "AlarmState", key, value);
        // It stands on the cluster too, but is not the cluster's.
        if (of.Type == "HostSystem")
            inventory.SetElement(inventory.Get(of, "parent")!.AsManagedObject!.Value, "triggeredAlarmState", "AlarmState", key, value);
    }

    private void Pool()
    {
        var pools = inventory.All("ResourcePool");
        var empty = pools.Where(pool => inventory.Get(pool, "parent")!.AsManagedObject!.Value.Type == "ResourcePool" && !pools.Any(other => inventory.Get(other, "parent")!.AsManagedObject == pool) && !Vms.Any(vm => inventory.Get(vm, "resourcePool")?.AsManagedObject == pool || inventory.Get(vm, "parentVApp")?.AsManagedObject == pool)).ToList();
        switch (random.Next(3))
        {
            case 0 when empty.Count > 0:
                inventory.Remove(One(empty));
                break;
            case 1:
                inventory.AddPool($"pool{made++}", One(pools), random.Next(3) == 0 ? "VirtualApp" : "ResourcePool");
                break;
            default:
                inventory.Set(One(pools), ("config.cpuAllocation.limit", Values.Long(random.Next(3) == 0 ? -1 : random.Next(9000))), ("config.memoryAllocation.shares.shares", Values.Int(random.Next(9000))), ("config.memoryAllocation.reservation", Values.Long(random.Next(9000))));
                break;
        }
    }

    private void Host()
    {
        var host = One(inventory.All("HostSystem"));
        switch (random.Next(4))
        {
            case 0:
                inventory.Set(host, "runtime.connectionState", One(["connected", "disconnected", "notResponding"]), "HostSystemConnectionState");
                break;
            case 1:
                inventory.Set(host, "runtime.inMaintenanceMode", random.Next(2) == 0);
                break;
            case 2:
                inventory.Set(host, "parent", One(inventory.All("ClusterComputeResource")));
                break;
            default:
                inventory.Set(host, "summary.config.product", Values.Of("AboutInfo", ("version", Values.Text($"8.0.{random.Next(4)}")), ("build", Values.Text($"{random.Next(99999)}"))));
                break;
        }
    }

    private void Datastore()
    {
        var stores = inventory.All("Datastore").Where(each => !inventory.Get(each, "name")!.Text.StartsWith("marker", StringComparison.Ordinal)).ToList();
        if (stores.Count > 2 && random.Next(2) == 0)
            inventory.Remove(One(stores));
        else if (random.Next(2) == 0)
            inventory.AddDatastore(random.Next(3) == 0 ? "shared" : $"ds{made++}", One(datacenters));
        else
            inventory.Set(One(stores), ("summary.accessible", Values.Bool(random.Next(2) == 0)), ("summary.freeSpace", Values.Long(random.NextInt64(1L << 39))));
    }

    /// <summary>A VM whose configuration cannot be read, or can again.</summary>
    private void Inaccessible()
    {
        var vm = OneVm();
        if (inventory.Get(vm, "config") is { } config)
        {
            inventory.Set(vm, ("runtime.connectionState", Values.Text("inaccessible", "VirtualMachineConnectionState")), ("config", null));
            return;
        }
        inventory.Set(vm, ("runtime.connectionState", Values.Text("connected", "VirtualMachineConnectionState")), ("config.uuid", Values.Text($"420000aa-0000-4000-8000-{made++:x12}")), ("config.instanceUuid", Values.Text($"500000aa-0000-4000-8000-{made++:x12}")), ("config.hardware.numCPU", Values.Int(2)));
    }

    /// <summary>Into a vApp, where a VM has no parent; or out of it.</summary>
    private void Enclose()
    {
        var apps = inventory.All("VirtualApp");
        var vm = OneVm();
        if (inventory.Get(vm, "parentVApp") is not null)
            inventory.Set(vm, ("parentVApp", null), ("parent", Values.Ref(Folder())));
        else if (apps.Count > 0 && One(apps) is var app)
            inventory.Set(vm, ("parent", null), ("parentVApp", Values.Ref(app)), ("resourcePool", Values.Ref(app)));
    }

    private void MoveFolder()
    {
        if (random.Next(2) == 0)
            inventory.AddFolder($"folder{made++}", Folder());
        else
            inventory.Set(OneVm(), ("parentVApp", null), ("parent", Values.Ref(Folder())));
    }

    /// <summary>One that VMs are in, of any datacenter.</summary>
    private ManagedObject Folder() => One(inventory.All("Folder").Where(each => each.Id.StartsWith("group-v", StringComparison.Ordinal)).ToList());

    private ManagedObject OneVm() => One(Vms);

    private T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
}
