namespace Observe.Collectors.Docker.Api;

/// <summary>One container in <c>GET /containers/json</c>.</summary>
internal sealed record ContainerSummary
{
    public string Id { get; init; } = "";
}
