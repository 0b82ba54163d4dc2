namespace Observe.Collectors.Kubernetes.Api;

/// <summary>How a life of a container ended.</summary>
/// <param name="ContainerID">Whose, with the runtime's name before it.</param>
internal sealed record ContainerEnd(string? ContainerID)
{
    /// <summary>When it began, to the second, by its kubelet's clock.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, likewise.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>With what.</summary>
    public int ExitCode { get; init; }

    /// <summary>Why, in a word.</summary>
    public string? Reason { get; init; }
}
