using static Observe.Collectors.VCenter.Inventory.MetricParts;
using static Observe.Telemetry.VCenterMetrics;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>What there may be of datastores.</summary>
internal static class DatastoreMetrics
{
    private static readonly int Size = UsageProperties.Datastore["summary.capacity"];
    private static readonly int Free = UsageProperties.Datastore["summary.freeSpace"];

    /// <summary>All.</summary>
    public static EntityMetric[] All { get; } =
    [
        WhileSampled(DatastoreDiskUsage, static (in reading) => reading.Usage(Free), "available"),
        WhileSampled(DatastoreDiskUsage, static (in reading) => reading.Usage(Size) - reading.Usage(Free), "used"),
        WhileSampled(DatastoreDiskUtilization, static (in reading) => Percent(reading.Usage(Size) - reading.Usage(Free), reading.Usage(Size))),
        new(DatastoreAccessible, [], static (in reading) => Whether(((DatastoreFacts)reading.Node.Facts!).IsAccessible)),
        .. Statuses,
        .. MetricParts.Alarms,
    ];
}
