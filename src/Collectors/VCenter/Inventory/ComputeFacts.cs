namespace Observe.Collectors.VCenter.Inventory;

/// <summary>A cluster, or what a single host is in.</summary>
internal sealed record ComputeFacts : EntityFacts;
