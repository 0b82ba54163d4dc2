namespace Observe.Agent.Configuration.Options;

/// <summary>Who the values are attributed to.</summary>
public sealed record WorkloadsOptions
{
    /// <summary>The most workloads that are told apart; the rest are reported together as <c>other</c>.</summary>
    public int Max { get; init; } = 4096;
}
