namespace Observe.Collectors.Docker;

/// <summary>The container engine and what is asked of it.</summary>
public sealed record DockerOptions
{
    /// <summary>Where engines listen unless told otherwise.</summary>
    public const string DefaultEndpoint = "unix:///var/run/docker.sock";

    /// <summary>Whether it is asked at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Where the engine listens.</summary>
    public DockerEndpoint Endpoint { get; init; } = DockerEndpoint.Default;

    /// <summary>Time between two samples of a container.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the engine may take to answer one request.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether everything is exported that the engine says, and not only what is looked at most.</summary>
    public bool Detail { get; init; }

    /// <summary>Container labels that become attributes.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Environment variables of containers that become attributes.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>PEM file of the authorities that an engine's certificate is checked against; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file of the certificate that the agent shows to an engine; null for none.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file of its key.</summary>
    public string? Key { get; init; }
}
