namespace Observe.Collectors.Docker.Api;

/// <summary>What an engine is asked: the <c>request</c> label, in lower case.</summary>
internal enum DockerRequest
{
    /// <summary>Whether it is there.</summary>
    Ping,

    /// <summary>What time it is there.</summary>
    Info,

    /// <summary>Which containers there are.</summary>
    List,

    /// <summary>All about a container.</summary>
    Inspect,

    /// <summary>What a container has used.</summary>
    Stats,

    /// <summary>What happens.</summary>
    Events,
}
