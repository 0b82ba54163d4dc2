namespace Observe.Collectors.Kubernetes.Api;

/// <summary>How a life of a container ended.</summary>
/// <param name="ContainerID">Whose, with the runtime's name before it.</param>
internal sealed record ContainerEnd(string? ContainerID);
