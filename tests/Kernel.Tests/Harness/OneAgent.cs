namespace Observe.Kernel.Tests.Harness;

/// <summary>One agent for all truth tests, which run one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAgent : ICollectionFixture<AgentUnderTest>
{
    public const string Name = "one agent";
}
