namespace Observe.Collectors.Tests;

/// <summary>Tests that measure the process as a whole, and so must have it to themselves.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public class RunsAlone;
