namespace Observe.Collectors.VCenter.Inventory;

/// <summary>A datastore.</summary>
/// <param name="Type"><c>VMFS</c>, <c>NFS</c>, <c>vsan</c>.</param>
/// <param name="IsAccessible">Whether a host reaches it.</param>
internal sealed record DatastoreFacts(string Type, bool IsAccessible) : EntityFacts;
