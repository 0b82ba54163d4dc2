namespace Observe.Collectors.VCenter.Inventory;

/// <summary>A folder or a datacenter.</summary>
internal sealed record PlaceFacts : EntityFacts;
