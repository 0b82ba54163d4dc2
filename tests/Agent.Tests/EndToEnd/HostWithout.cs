namespace Observe.Agent.Tests.EndToEnd;

/// <summary>What a host lacks. Made in a mount namespace of the agent's own, where the program is bound at <c>/mnt</c>.</summary>
/// <param name="Mounts">Shell commands that make it so.</param>
/// <param name="Under">A command to run the agent under; it must become the agent.</param>
public sealed record HostWithout(string Mounts, params string[] Under);
