namespace Observe.Collectors.Kubernetes.Api;

/// <summary>What the kubelet says of a container.</summary>
/// <param name="Name">As it stands in the pod's specification.</param>
/// <param name="Image">The image that it runs.</param>
/// <param name="ContainerID">Of its present life, else its last one: <c>containerd://...</c>; empty before the first.</param>
/// <param name="State">Its present life.</param>
/// <param name="LastState">Its last one.</param>
internal sealed record ContainerStatus(string? Name, string? Image, string? ContainerID, ContainerState? State, ContainerState? LastState);
