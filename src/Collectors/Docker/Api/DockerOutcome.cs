namespace Observe.Collectors.Docker.Api;

/// <summary>What came of a request: the <c>outcome</c> label, in lower case.</summary>
internal enum DockerOutcome
{
    /// <summary>It was answered.</summary>
    Answered,

    /// <summary>It was answered by an error: the container is gone, for example.</summary>
    Refused,

    /// <summary>It was not answered, or not in time.</summary>
    Failed,
}
