namespace Observe.Agent.Configuration.Options;

/// <summary>What is read from the cgroup file system.</summary>
public sealed record CgroupOptions
{
    /// <summary>Whether it is read for metrics.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Where the host's cgroup file system is mounted.</summary>
    public string Root { get; init; } = "/sys/fs/cgroup";

    /// <summary>Whether pressure stall information is read.</summary>
    public bool Pressure { get; init; } = true;
}
