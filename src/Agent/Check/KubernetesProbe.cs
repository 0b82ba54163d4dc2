using Observe.Collectors;
using Observe.Collectors.Kubernetes;

namespace Observe.Agent.Check;

/// <summary>May the pods of this node be listed and watched? Found out by doing both.</summary>
/// <param name="options">Where and which.</param>
/// <param name="time">The clock.</param>
public sealed class KubernetesProbe(KubernetesOptions options, TimeProvider time) : IProbe
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) =>
        [await KubernetesCheck.RunAsync(options, Environment.GetEnvironmentVariable, time, cancellationToken).ConfigureAwait(false)];
}
