using Observe.Agent.Export.Otlp;
using Observe.Collectors;

namespace Observe.Agent.Check;

/// <summary>Does the receiver take what is pushed to it? Found out by an empty request over the real protocol.</summary>
/// <param name="options">The export's options.</param>
/// <param name="time">The clock.</param>
public sealed class OtlpEndpointProbe(OtlpOptions options, TimeProvider time) : IProbe
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) =>
        [await OtlpProbe.RunAsync(options, time, cancellationToken).ConfigureAwait(false)];
}
