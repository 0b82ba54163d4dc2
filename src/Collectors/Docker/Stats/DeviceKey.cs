using Observe.Telemetry.Model;

namespace Observe.Collectors.Docker.Stats;

/// <summary>Which of several numbers of a metric.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Major">Major number of a block device, or number of a CPU.</param>
/// <param name="Minor">Minor number of a block device.</param>
/// <param name="Name">Network interface, or operation on a block device.</param>
internal readonly record struct DeviceKey(MetricDescriptor Metric, ulong Major, ulong Minor, string Name);
