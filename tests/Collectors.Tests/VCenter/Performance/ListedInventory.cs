using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.VCenter.Performance;

/// <summary>What the fake has, read anew whenever it is asked for.</summary>
internal sealed class ListedInventory(FakeVCenter vcenter) : IVCenterInventory
{
    private readonly Dictionary<(ManagedObject, string?), Resource> resources = [];

    public bool IsComplete { get; set; } = true;

    /// <summary>What it does not have, though the vCenter does.</summary>
    public HashSet<ManagedObject> Hidden { get; } = [];

    public long Version => vcenter.Stamp;

    public IReadOnlyList<InventoryEntity> All(string type) => [.. vcenter.Inventory.All(type).Where(each => !Hidden.Contains(each)).Select(Of)];

    public InventoryEntity? Find(ManagedObject entity) => vcenter.Inventory.Contains(entity) ? Of(entity) : null;

    private InventoryEntity Of(ManagedObject entity)
    {
        var inventory = vcenter.Inventory;
        var host = inventory.Get(entity, "runtime.host")?.AsManagedObject;
        var isSampled = inventory.Get(entity, "runtime.connectionState")?.Text == "connected" && inventory.Get(entity, "runtime.powerState")?.Text == "poweredOn";
        var cpus = (int)(inventory.Get(entity, "config.hardware.numCPU") ?? inventory.Get(entity, "summary.hardware.numCpuThreads"))!.AsInt64!.Value;
        return new InventoryEntity(entity, entity.Id, ResourceOf(entity, host), isSampled, cpus, null, null, host);
    }

    private Resource ResourceOf(ManagedObject entity, ManagedObject? host)
    {
        if (!resources.TryGetValue((entity, host?.Id), out var resource))
        {
            var attribute = entity.Type == "HostSystem" ? "vcenter.host.name" : "vcenter.vm.name";
            KeyValuePair<string, string>[] place = host is { } on ? [new("vcenter.host.name", on.Id)] : [];
            resources.Add((entity, host?.Id), resource = new Resource([new(attribute, entity.Id), .. place], [new("vcenter", "fake"), new(attribute.Replace('.', '_'), entity.Id)]));
        }
        return resource;
    }
}
