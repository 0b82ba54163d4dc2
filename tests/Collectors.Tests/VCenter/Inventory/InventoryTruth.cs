using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Inventory;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Inventory;

/// <summary>What an inventory must know, worked out anew from the vCenter's own properties.</summary>
internal sealed class InventoryTruth(FakeInventory inventory)
{
    private static readonly string[] Types = ["Folder", "Datacenter", "ComputeResource", "HostSystem", "VirtualMachine", "ResourcePool", "Datastore"];

    private ILookup<string, ManagedObject> wanting = Array.Empty<ManagedObject>().ToLookup(_ => "");

    /// <summary>All that is followed, without the root.</summary>
    public IReadOnlyList<ManagedObject> Objects => [.. Types.SelectMany(inventory.All).Where(each => each != FakeInventory.RootFolder)];

    /// <summary>Compares everything: each object and each field, and that there is nothing else.</summary>
    public void ShouldBe(VCenterInventory known)
    {
        var entities = new List<ManagedObject>();
        var objects = Objects;
        wanting = objects.Where(each => Wanted(each) is not null).ToLookup(each => string.Join('\n', Wanted(each)!));
        foreach (var of in objects)
        {
            known.Facts(of).ShouldBe(Facts(of), of.ToString());
            var labels = Labels(of);
            var entity = known.Find(of);
            if (labels is null)
            {
                entity.ShouldBeNull(of.ToString());
                continue;
            }
            entities.Add(of);
            entity.ShouldNotBeNull(of.ToString());
            entity.Resource.Labels.Select(label => $"{label.Name}={label.Value}").ShouldBe(labels, of.ToString());
            entity.Resource.Attributes.Select(each => $"{each.Key}={each.Value}").ShouldBe(Attributes(of), ignoreOrder: true, of.ToString());
            (entity.Object, entity.Name, entity.IsSampled, entity.Cpus, entity.InstanceUuid, entity.BiosUuid, entity.Host).ShouldBe(Entity(of));
        }
        foreach (var type in Types.Concat(["ClusterComputeResource", "VirtualApp"]))
            known.All(type).Select(each => each.Object).ShouldBe(entities.Where(each => each.Type == type), ignoreOrder: true);
    }

    private EntityFacts Facts(ManagedObject of)
    {
        var name = Text(of, "name")!;
        EntityFacts facts = of.Type switch
        {
            "VirtualMachine" => new MachineFacts
            {
                RawName = name,
                VApp = Ref(of, "parentVApp"),
                Pool = Ref(of, "resourcePool"),
                Host = Ref(of, "runtime.host"),
                Power = Text(of, "runtime.powerState") ?? "",
                Connection = Text(of, "runtime.connectionState") ?? "",
                BiosUuid = Text(of, "config.uuid"),
                InstanceUuid = Text(of, "config.instanceUuid"),
                IsTemplate = Text(of, "config.template") == "true",
                Cpus = (int)(Number(of, "config.hardware.numCPU") ?? 0),
                MemoryMb = Number(of, "config.hardware.memoryMB") ?? 0,
                Snapshots = Trees(inventory.Get(of, "snapshot")?["rootSnapshotList"]),
            },
            "HostSystem" => new HostFacts
            {
                RawName = name,
                Connection = Text(of, "runtime.connectionState") ?? "",
                Power = Text(of, "runtime.powerState") ?? "",
                IsInMaintenance = Text(of, "runtime.inMaintenanceMode") == "true",
                Uuid = Text(of, "summary.hardware.uuid"),
                Cores = (int)Number(of, "summary.hardware.numCpuCores")!,
                Threads = (int)Number(of, "summary.hardware.numCpuThreads")!,
                CpuMhz = (int)Number(of, "summary.hardware.cpuMhz")!,
                MemoryBytes = Number(of, "summary.hardware.memorySize")!.Value,
                Vendor = Text(of, "summary.hardware.vendor") ?? "",
                Model = Text(of, "summary.hardware.model") ?? "",
                Version = inventory.Get(of, "summary.config.product")?["version"]?.Text ?? "",
                Build = inventory.Get(of, "summary.config.product")?["build"]?.Text ?? "",
            },
            "ResourcePool" or "VirtualApp" => new PoolFacts
            {
                RawName = name,
                Owner = Ref(of, "owner"),
                CpuReservation = Number(of, "config.cpuAllocation.reservation"),
                CpuLimit = Number(of, "config.cpuAllocation.limit") is -1 ? null : Number(of, "config.cpuAllocation.limit"),
                CpuShares = Number(of, "config.cpuAllocation.shares.shares"),
                MemoryReservation = Number(of, "config.memoryAllocation.reservation"),
                MemoryLimit = Number(of, "config.memoryAllocation.limit") is -1 ? null : Number(of, "config.memoryAllocation.limit"),
                MemoryShares = Number(of, "config.memoryAllocation.shares.shares"),
            },
            "Datastore" => new DatastoreFacts(Text(of, "summary.type")!, Text(of, "summary.accessible") == "true") { RawName = name },
            "ComputeResource" or "ClusterComputeResource" => new ComputeFacts { RawName = name },
            _ => new PlaceFacts { RawName = name },
        };
        return facts with
        {
            Parent = Ref(of, "parent"),
            Status = of.Type is "Folder" ? "gray" : Text(of, "overallStatus") ?? "gray",
            RedAlarms = Alarms(of, "red"),
            YellowAlarms = Alarms(of, "yellow"),
        };
    }

    private (ManagedObject, string, bool, int, string?, string?, ManagedObject?) Entity(ManagedObject of)
    {
        var facts = Facts(of);
        var isSampled = facts switch
        {
            MachineFacts machine => machine is { Power: "poweredOn", Connection: "connected", IsTemplate: false },
            HostFacts host => host is { Connection: "connected", Power: "poweredOn" },
            DatastoreFacts store => store.IsAccessible,
            _ => true,
        };
        return (of, Name(of), isSampled, (facts as MachineFacts)?.Cpus ?? (facts as HostFacts)?.Threads ?? 0, (facts as MachineFacts)?.InstanceUuid,
            (facts as MachineFacts)?.BiosUuid ?? (facts as HostFacts)?.Uuid, (facts as MachineFacts)?.Host);
    }

    /// <summary>Labels as they must be, with the id behind where another, older one has the same.</summary>
    private List<string>? Labels(ManagedObject of)
    {
        if (Wanted(of) is not { } wanted)
            return null;
        var same = wanting[string.Join('\n', wanted)].OrderBy(each => each.Id.Length).ThenBy(each => each.Id, StringComparer.Ordinal);
        if (same.First() != of)
            wanted[^1] += $" ({of.Id})";
        return wanted;
    }

    private List<string>? Wanted(ManagedObject of)
    {
        List<string> labels = ["vcenter=vc1"];
        if (of.Type is not ("VirtualMachine" or "Datacenter"))
            labels.Add($"vcenter_datacenter_name={(Up(of, "Datacenter") is { } datacenter ? Name(datacenter) : "")}");
        switch (of.Type)
        {
            case "VirtualMachine":
                var kind = Text(of, "config.template") == "true" ? "vm_template" : "vm";
                return [.. labels, $"vcenter_{kind}_name={Name(of)}", $"vcenter_{kind}_id={Text(of, "config.instanceUuid") ?? of.Id}"];
            case "HostSystem":
                return [.. labels, $"vcenter_host_name={Name(of)}"];
            case "ClusterComputeResource":
                return [.. labels, $"vcenter_cluster_name={Name(of)}"];
            case "ResourcePool":
                return [.. labels, $"vcenter_resource_pool_inventory_path={PathOf(of)}"];
            case "VirtualApp":
                return [.. labels, $"vcenter_virtual_app_inventory_path={PathOf(of)}"];
            case "Datastore":
                return [.. labels, $"vcenter_datastore_name={Name(of)}"];
            case "Datacenter":
                return [.. labels, $"vcenter_datacenter_name={Name(of)}"];
            default:
                return null;
        }
    }

    private List<string> Attributes(ManagedObject of)
    {
        List<string> attributes = ["vcenter=vc1"];
        var host = of.Type == "VirtualMachine" ? Ref(of, "runtime.host") : of;
        var pool = of.Type == "VirtualMachine" ? Ref(of, "resourcePool") : of.Type is "ResourcePool" or "VirtualApp" ? of : (ManagedObject?)null;
        var compute = of.Type is "Datastore" or "Datacenter" ? null : Up(host ?? of, "ComputeResource") ?? Up(host ?? of, "ClusterComputeResource");
        if (pool is { } its && of.Type != "VirtualMachine")
            compute = Ref(its, "owner");
        if ((Up(of, "Datacenter") ?? (host is { } at ? Up(at, "Datacenter") : null)) is { } datacenter)
            attributes.Add($"vcenter.datacenter.name={Name(datacenter)}");
        if (compute is { Type: "ClusterComputeResource" } cluster)
            attributes.Add($"vcenter.cluster.name={Name(cluster)}");
        if (of.Type is "VirtualMachine" or "HostSystem" && host is { } esx)
            attributes.Add($"vcenter.host.name={Name(esx)}");
        if (of.Type == "HostSystem")
            attributes.AddRange([$"host.name={Name(of)}", $"host.id={Text(of, "summary.hardware.uuid")}"]);
        if (pool is { } known)
        {
            var kind = known.Type == "VirtualApp" ? "virtual_app" : "resource_pool";
            attributes.AddRange([$"vcenter.{kind}.name={Name(known)}", $"vcenter.{kind}.inventory_path={PathOf(known)}"]);
        }
        if (of.Type == "Datastore")
            attributes.Add($"vcenter.datastore.name={Name(of)}");
        if (of.Type == "VirtualMachine")
        {
            var kind = Text(of, "config.template") == "true" ? "vm_template" : "vm";
            attributes.Add($"vcenter.{kind}.name={Name(of)}");
            if (Text(of, "config.instanceUuid") is { } instance)
                attributes.Add($"vcenter.{kind}.id={instance}");
            if (Text(of, "config.uuid") is { } bios)
                attributes.Add($"host.id={bios}");
        }
        return attributes;
    }

    private ManagedObject? Up(ManagedObject of, string type)
    {
        for (ManagedObject? at = of; at is { } here; at = Ref(here, "parent") ?? Ref(here, "parentVApp"))
        {
            if (here.Type == type)
                return here;
        }
        return null;
    }

    private string PathOf(ManagedObject of) =>
        of == FakeInventory.RootFolder ? "" : $"{(Ref(of, "parent") is { } parent ? PathOf(parent) : "")}/{Text(of, "name")}";

    private string Name(ManagedObject of) => Text(of, "name")!.Replace("%2f", "/").Replace("%5c", "\\").Replace("%25", "%");

    private int Alarms(ManagedObject of, string status) =>
        of.Type is "Folder" or "Datacenter" ? 0 : (inventory.Get(of, "triggeredAlarmState")?.Elements ?? []).Count(each => each["overallStatus"]?.Text == status && each["entity"]?.Text == of.Id);

    private static int Trees(VimValue? list) => (list?.Elements ?? []).Sum(each => 1 + Trees(each["childSnapshotList"]));

    private ManagedObject? Ref(ManagedObject of, string path) => inventory.Get(of, path)?.AsManagedObject;

    private string? Text(ManagedObject of, string path) => inventory.Get(of, path)?.Text;

    private long? Number(ManagedObject of, string path) => inventory.Get(of, path)?.AsInt64;
}
