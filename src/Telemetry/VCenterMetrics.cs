using Observe.Telemetry.Model;

namespace Observe.Telemetry;

/// <summary>
/// What vCenters say of what they manage, and what is said of asking them: rows of <see cref="MetricCatalog"/>. Names and units
/// are those of the OpenTelemetry collector's vcenterreceiver where it has one.
/// </summary>
public static partial class VCenterMetrics
{
    /// <summary>All of them, in the order in which they are exported.</summary>
    public static IReadOnlyList<MetricDescriptor> All => [.. ApiMetrics, .. InventoryMetrics, .. PerformanceMetrics, .. EventsMetrics];
}
