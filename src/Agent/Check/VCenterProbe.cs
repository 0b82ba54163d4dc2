using Observe.Collectors;
using Observe.Collectors.VCenter;

namespace Observe.Agent.Check;

/// <summary>Do vCenters answer, and let the agent in?</summary>
/// <param name="options">Which.</param>
/// <param name="time">The clock.</param>
public sealed class VCenterProbe(VCenterOptions options, TimeProvider time) : IProbe
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) =>
        await VCenterCheck.RunAsync(options, time, cancellationToken).ConfigureAwait(false);
}
