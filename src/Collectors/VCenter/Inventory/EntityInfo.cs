using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>The series that say where things are, and what does not stand on all of their series.</summary>
internal static class EntityInfo
{
    /// <summary>Makes it.</summary>
    /// <param name="node">Whose.</param>
    /// <param name="resource">Its Resource.</param>
    /// <param name="start">Since when, ns since the Unix epoch.</param>
    /// <returns>Null if there is none of its kind.</returns>
    public static Series? Of(InventoryNode node, Resource resource, ulong start)
    {
        return node.Facts switch
        {
            MachineFacts { IsTemplate: false } machine => new(
                VCenterMetrics.MachineInfo, resource, start,
                [
                    Attribute("vcenter.datacenter.name"), Attribute("vcenter.cluster.name"), Attribute("vcenter.host.name"), Attribute("vcenter.resource_pool.inventory_path"),
                    Attribute("vcenter.virtual_app.inventory_path"), machine.BiosUuid ?? "", node.Object.Id,
                ]),
            HostFacts host => new(
                VCenterMetrics.HostInfo, resource, start,
                [Attribute("vcenter.cluster.name"), host.Uuid ?? "", node.Object.Id, host.Version, host.Build, host.Vendor, host.Model]),
            _ => null,
        };

        // The Resource knows already; empty, as Prometheus writes what is not there.
        string Attribute(string name) => resource.Attributes.FirstOrDefault(each => each.Key == name).Value ?? "";
    }
}
