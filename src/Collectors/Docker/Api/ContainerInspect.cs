namespace Observe.Collectors.Docker.Api;

/// <summary>What <c>GET /containers/ID/json</c> says, as far as it is used.</summary>
internal sealed record ContainerInspect
{
    public string Id { get; init; } = "";

    public string? Name { get; init; }

    /// <summary>Digest of the image.</summary>
    public string? Image { get; init; }

    public DateTimeOffset Created { get; init; }

    public long RestartCount { get; init; }

    public ContainerState? State { get; init; }

    public ContainerConfig? Config { get; init; }

    public ContainerHostConfig? HostConfig { get; init; }

    internal sealed record ContainerState
    {
        /// <summary><c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.</summary>
        public string? Status { get; init; }

        public bool OOMKilled { get; init; }

        public int ExitCode { get; init; }

        public DateTimeOffset StartedAt { get; init; }

        public ContainerHealth? Health { get; init; }
    }

    internal sealed record ContainerHealth
    {
        /// <summary><c>starting</c>, <c>healthy</c>, <c>unhealthy</c>; empty or <c>none</c> without a check.</summary>
        public string? Status { get; init; }
    }

    internal sealed record ContainerConfig
    {
        public string? Hostname { get; init; }

        public string? Image { get; init; }

        public Dictionary<string, string>? Labels { get; init; }

        public IReadOnlyList<string>? Env { get; init; }
    }

    internal sealed record ContainerHostConfig
    {
        public long NanoCpus { get; init; }

        public long CpuQuota { get; init; }

        public long CpuPeriod { get; init; }

        public long CpuShares { get; init; }

        public string? CpusetCpus { get; init; }
    }
}
