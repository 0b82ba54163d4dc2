using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>
/// What things are called: in Prometheus by few labels, which stay when they move; in OTLP by all attributes of the OpenTelemetry
/// collector's vcenterreceiver.
/// </summary>
internal sealed class EntityIdentity
{
    private readonly string vcenter;
    private readonly InventoryPlaces places;
    private static readonly string[] MachineLabels = ["vcenter_vm_name", "vcenter_vm_id"];
    private static readonly string[] TemplateLabels = ["vcenter_vm_template_name", "vcenter_vm_template_id"];

    /// <summary>Names things.</summary>
    /// <param name="vcenter">The endpoint's name.</param>
    /// <param name="places">Finds the way to pools.</param>
    public EntityIdentity(string vcenter, InventoryPlaces places)
    {
        this.vcenter = vcenter;
        this.places = places;
    }

    /// <summary>Whether it is a vCenter and no single ESXi host, whose datacenter has a made-up name.</summary>
    public bool IsVCenter { get; set; } = true;

    /// <summary>The Prometheus labels that it wants; empty if it is nothing that others see.</summary>
    /// <param name="node">It.</param>
    public Label[] Labels(InventoryNode node) => node switch
    {
        { Facts: MachineFacts machine } => Machine(machine, node.Object.Id, machine.IsTemplate ? TemplateLabels : MachineLabels),
        { Facts: HostFacts host } => InDatacenter(node, "vcenter_host_name", host.Name),
        { Facts: DatastoreFacts store } => InDatacenter(node, "vcenter_datastore_name", store.Name),
        { Object.Type: "ClusterComputeResource", Facts: { } cluster } => InDatacenter(node, "vcenter_cluster_name", cluster.Name),
        { Object.Type: "ResourcePool", Facts: not null } => InDatacenter(node, "vcenter_resource_pool_inventory_path", places.Path(node, IsVCenter)),
        { Object.Type: "VirtualApp", Facts: not null } => InDatacenter(node, "vcenter_virtual_app_inventory_path", places.Path(node, IsVCenter)),
        { Object.Type: "Datacenter", Facts: { } datacenter } when IsVCenter => [new("vcenter", vcenter), new("vcenter_datacenter_name", datacenter.Name)],
        _ => [],
    };

    /// <summary>The attributes of its Resource.</summary>
    /// <param name="node">It.</param>
    public List<KeyValuePair<string, string>> Attributes(InventoryNode node)
    {
        var attributes = new List<KeyValuePair<string, string>>(10) { new("vcenter", vcenter) };
        var place = node.Place;
        if (IsVCenter && node.Object.Type != "Datacenter")
            Add("vcenter.datacenter.name", place.Datacenter?.Facts?.Name);
        if (node.Object.Type != "ClusterComputeResource")
            Add("vcenter.cluster.name", place.Cluster?.Facts?.Name);
        switch (node.Facts)
        {
            case MachineFacts machine:
                Add("vcenter.host.name", place.Host?.Facts?.Name);
                Pool(place.Pool);
                var kind = machine.IsTemplate ? "vcenter.vm_template" : "vcenter.vm";
                Add($"{kind}.name", machine.Name);
                Add($"{kind}.id", machine.InstanceUuid);
                Add("host.id", machine.BiosUuid);
                break;
            case HostFacts host:
                Add("vcenter.host.name", host.Name);
                Add("host.name", host.Name);
                Add("host.id", host.Uuid);
                break;
            case PoolFacts:
                Pool(node);
                break;
            case DatastoreFacts store:
                Add("vcenter.datastore.name", store.Name);
                break;
            case ComputeFacts cluster:
                Add("vcenter.cluster.name", cluster.Name);
                break;
            case { } datacenter:
                Add("vcenter.datacenter.name", datacenter.Name);
                break;
        }
        return attributes;

        void Pool(InventoryNode? pool)
        {
            if (pool is null)
                return;
            var kind = pool.Object.Type == "VirtualApp" ? "vcenter.virtual_app" : "vcenter.resource_pool";
            Add($"{kind}.name", pool.Facts!.Name);
            Add($"{kind}.inventory_path", places.Path(pool, IsVCenter));
        }

        void Add(string name, string? value)
        {
            if (value is { Length: > 0 })
                attributes.Add(new(name, value));
        }
    }

    /// <summary>Whose configuration cannot be read has no number yet; its place in the vCenter tells it from others of its name.</summary>
    private Label[] Machine(MachineFacts machine, string id, string[] names) =>
        [new("vcenter", vcenter), new(names[0], machine.Name), new(names[1], machine.InstanceUuid ?? id)];

    private Label[] InDatacenter(InventoryNode node, string name, string value) => IsVCenter
        ? [new("vcenter", vcenter), new("vcenter_datacenter_name", node.Place.Datacenter?.Facts?.Name ?? ""), new(name, value)]
        : [new("vcenter", vcenter), new(name, value)];
}
