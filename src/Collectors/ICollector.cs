using Observe.Telemetry.Model;

namespace Observe.Collectors;

/// <summary>One source of metrics: one file, one method. The runner times it, catches it and reports it.</summary>
public interface ICollector
{
    /// <summary>Short lower-case name: the <c>collector</c> label.</summary>
    string Name { get; }

    /// <summary>What the collector consists of and how each part fares: for readiness and <c>observe check</c>.</summary>
    IEnumerable<ComponentStatus> Status { get; }

    /// <summary>Adds the current values. Called by one thread at a time.</summary>
    /// <param name="builder">Where the points go.</param>
    /// <param name="cancellationToken">Cancelled when the collection takes too long or the agent stops.</param>
    ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken);
}
