using Observe.Collectors;
using Observe.Collectors.Docker;

namespace Observe.Agent.Check;

/// <summary>Does the container engine answer?</summary>
/// <param name="options">Where it is.</param>
/// <param name="time">The clock.</param>
public sealed class DockerProbe(DockerOptions options, TimeProvider time) : IProbe
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) =>
        [await DockerCheck.RunAsync(options, time, cancellationToken).ConfigureAwait(false)];
}
