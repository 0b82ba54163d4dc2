namespace Observe.Agent.Configuration.Options;

/// <summary>What becomes of the agent's privileges.</summary>
public sealed record PrivilegesOptions
{
    /// <summary>When they are given up.</summary>
    public PrivilegeDropTime Drop { get; init; } = PrivilegeDropTime.Never;
}
