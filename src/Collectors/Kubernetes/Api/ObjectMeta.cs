namespace Observe.Collectors.Kubernetes.Api;

/// <summary>What every object has.</summary>
internal sealed record ObjectMeta
{
    public string? Name { get; init; }

    public string? Namespace { get; init; }

    public string? Uid { get; init; }

    public DateTimeOffset? CreationTimestamp { get; init; }

    public string? ResourceVersion { get; init; }

    public IReadOnlyDictionary<string, string?>? Labels { get; init; }

    public IReadOnlyDictionary<string, string?>? Annotations { get; init; }

    public IReadOnlyList<OwnerReference?>? OwnerReferences { get; init; }
}
