namespace Observe.Collectors.Tests.Identity;

/// <summary>Tests of cost, which run when no other test does: others' JIT compilation puts off the optimisation of what is measured.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
