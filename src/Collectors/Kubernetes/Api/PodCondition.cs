namespace Observe.Collectors.Kubernetes.Api;

/// <summary>Something that is, or is not, so of a pod.</summary>
/// <param name="Type">What: <c>PodScheduled</c>, <c>Ready</c>.</param>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="LastTransitionTime">Since when, to the second.</param>
internal sealed record PodCondition(string? Type, string? Status, DateTimeOffset? LastTransitionTime);
