using Observe.Collectors;
using Observe.Collectors.Guest;

namespace Observe.Agent.Check;

/// <summary>Is this host itself a guest, and does what is beneath it tell of stolen time?</summary>
/// <param name="paths">Where to look.</param>
public sealed class GuestProbe(HostPaths paths) : IProbe
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) =>
        new(new GuestDetection(paths.Proc, paths.Sys, CpuIdLeaf.Reader, StealClock.IsKept()).Look().Rows);
}
