namespace Observe.Collectors.Kubernetes.Api;

/// <summary>What the kubelet says of a pod's containers.</summary>
internal sealed record PodStatus
{
    public IReadOnlyList<PodCondition?>? Conditions { get; init; }

    public IReadOnlyList<ContainerStatus?>? InitContainerStatuses { get; init; }

    public IReadOnlyList<ContainerStatus?>? ContainerStatuses { get; init; }

    public IReadOnlyList<ContainerStatus?>? EphemeralContainerStatuses { get; init; }
}
