using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter;

/// <summary>Something in the inventory, as of one moment.</summary>
/// <param name="Object">Which.</param>
/// <param name="Name">Its name, decoded (<c>%2f</c> is a slash).</param>
/// <param name="Resource">Whose its series are. Another instance, with the same Prometheus labels, when it has moved; another label set only if it was renamed.</param>
/// <param name="IsSampled">Whether it runs and is connected, so that the server has samples of it.</param>
/// <param name="Cpus">vCPUs of a VM, logical CPUs of a host; 0 if unknown.</param>
/// <param name="InstanceUuid">Of a VM: tells it from all others of this vCenter (<c>config.instanceUuid</c>); else null.</param>
/// <param name="BiosUuid">Of a VM: what its guest sees in SMBIOS (<c>config.uuid</c>); of a host, its hardware's; lower case; else null.</param>
/// <param name="Host">The ESXi host it runs on; null if it is none or unknown.</param>
internal sealed record InventoryEntity(
    ManagedObject Object, string Name, Resource Resource, bool IsSampled, int Cpus, string? InstanceUuid, string? BiosUuid, ManagedObject? Host);
