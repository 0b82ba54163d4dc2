namespace Observe.Collectors.Kubernetes.Api;

/// <summary>A page of pods.</summary>
/// <param name="Metadata">Of the list.</param>
/// <param name="Items">The pods.</param>
internal sealed record PodList(ListMeta? Metadata, IReadOnlyList<Pod?>? Items);
