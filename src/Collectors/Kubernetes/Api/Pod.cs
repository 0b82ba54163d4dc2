namespace Observe.Collectors.Kubernetes.Api;

/// <summary>A pod, as far as it is read.</summary>
internal sealed record Pod
{
    public ObjectMeta? Metadata { get; init; }

    public PodStatus? Status { get; init; }
}
