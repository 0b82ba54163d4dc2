namespace Observe.Collectors.Kubernetes.Api;

/// <summary>A life of a container.</summary>
/// <param name="Terminated">Set when it is over.</param>
internal sealed record ContainerState(ContainerEnd? Terminated);
