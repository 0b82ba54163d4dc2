using Observe.Bpf;
using Observe.Collectors;

namespace Observe.Agent.Check;

/// <summary>Is there a libbpf, and is it new enough?</summary>
public sealed class LibBpfProbe : IProbe
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) => new(
    [
        LibBpfLibrary.TryLoad(out var version, out var problem)
            ? new ComponentStatus("libbpf", StatusLevel.Ok, version)
            : new ComponentStatus("libbpf", StatusLevel.Failed, problem, LibBpfLibrary.Remedy),
    ]);
}
