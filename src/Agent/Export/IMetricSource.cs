using Observe.Telemetry.Model;

namespace Observe.Agent.Export;

/// <summary>Where exporters get the current values from. Whoever asks while a collection runs or is fresh shares it.</summary>
public interface IMetricSource
{
    /// <summary>Collects, or joins a collection under way, or takes a fresh one.</summary>
    /// <param name="cancellationToken">Ends this caller's wait only; a shared collection goes on for the others.</param>
    /// <returns>The snapshot with one reader's hold on it: dispose the lease when done.</returns>
    ValueTask<MetricSnapshot.Lease> CollectAsync(CancellationToken cancellationToken);
}
