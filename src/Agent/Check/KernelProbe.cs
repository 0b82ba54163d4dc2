using Observe.Collectors;

namespace Observe.Agent.Check;

/// <summary>Is the kernel one that this is tested on? What it can do is for the BPF programs' own rows to say.</summary>
/// <param name="paths">Where to look.</param>
public sealed class KernelProbe(HostPaths paths) : IProbe
{
    /// <summary>Oldest kernel of the test matrix.</summary>
    private static readonly Version OldestTested = new(5, 10);

    /// <summary>First with the BPF ring buffer and typed tracepoints that may read kernel memory; none of the programs loads before.</summary>
    private static readonly Version OldestPossible = new(5, 8);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) => new([Look()]);

    private ComponentStatus Look()
    {
        const string Component = "kernel";
        var release = paths.KernelRelease;
        return KernelRelease.Parse(release) switch
        {
            null => new(Component, StatusLevel.Degraded, $"cannot tell the version from '{release}'", $"check that {paths.Proc} is the host's process file system"),
            { } version when version < OldestPossible => new(Component, StatusLevel.Failed, $"{release} is older than {OldestPossible}: it lacks BPF features that every program needs", $"run Linux {OldestTested} or later"),
            { } version when version < OldestTested => new(Component, StatusLevel.Degraded, $"{release} is older than {OldestTested}, the oldest that is tested", $"run Linux {OldestTested} or later"),
            _ => new(Component, StatusLevel.Ok, release),
        };
    }
}
