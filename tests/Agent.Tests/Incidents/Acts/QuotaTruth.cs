namespace Observe.Agent.Tests.Incidents.Acts;

/// <summary>What was done to the container with a quota.</summary>
/// <param name="Container">Its id.</param>
/// <param name="Began">When it was started.</param>
/// <param name="Ended">When it was told to rest.</param>
/// <param name="ThrottledNanoseconds">How long it was throttled until then, as the kernel counts it for its cgroup.</param>
internal sealed record QuotaTruth(string Container, Stamp Began, Stamp Ended, long ThrottledNanoseconds);
