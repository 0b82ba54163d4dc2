using Observe.Collectors.Docker.Api;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Docker.Stats;

/// <summary>One number that a sample holds.</summary>
/// <param name="Metric">What it is exported as.</param>
/// <param name="Read">Takes it out; null where the kernel or the engine does not count it.</param>
internal sealed record StatMetric(MetricDescriptor Metric, Func<ContainerStats, double?> Read);
