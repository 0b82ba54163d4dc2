using Observe.Bpf.Host;
using Observe.Collectors;
using Observe.Collectors.Clock;

namespace Observe.Agent.Check;

/// <summary>How far may this host's clock be from UTC?</summary>
public sealed class ClockProbe : IProbe
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) => new([ClockCollector.Describe(HostClock.Discipline())]);
}
