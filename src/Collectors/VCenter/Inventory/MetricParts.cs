using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>What the metrics of several kinds of things have in common.</summary>
internal static class MetricParts
{
    /// <summary>2^20 bytes.</summary>
    public const double Mebibyte = 1 << 20;

    /// <summary>10^6 Hz.</summary>
    public const double Megahertz = 1e6;

    /// <summary>Alarms that are triggered, if there are any.</summary>
    public static EntityMetric[] Alarms { get; } =
    [
        new(VCenterMetrics.Alarms, ["red"], static (in reading) => Positive(reading.Node.Facts!.RedAlarms)),
        new(VCenterMetrics.Alarms, ["yellow"], static (in reading) => Positive(reading.Node.Facts!.YellowAlarms)),
    ];

    /// <summary>One series a status, of which only the one that holds has a value.</summary>
    public static EntityMetric[] Statuses { get; } =
    [
        .. InventoryCounts.Statuses.Select((status, i) => new EntityMetric(
            VCenterMetrics.Status, [status], (in reading) => Holds(InventoryCounts.StatusOf(reading.Node.Facts!.Status) == i))),
    ];

    /// <summary>1 if it holds, nothing if not.</summary>
    /// <param name="condition">What may hold.</param>
    public static double Holds(bool condition) => condition ? 1 : double.NaN;

    /// <summary>1 or 0.</summary>
    /// <param name="condition">What may hold.</param>
    public static double Whether(bool condition) => condition ? 1 : 0;

    /// <summary>Nothing instead of 0: where 0 means unknown, or that there is nothing to say.</summary>
    /// <param name="value">The value.</param>
    public static double Positive(double value) => value > 0 ? value : double.NaN;

    /// <summary>In percent; nothing if the whole is unknown.</summary>
    /// <param name="part">The part.</param>
    /// <param name="whole">The whole.</param>
    public static double Percent(double part, double whole) => whole > 0 ? 100 * part / whole : double.NaN;

    /// <summary>A number of <see cref="UsageProperties"/>.</summary>
    /// <param name="metric">What it is exported as.</param>
    /// <param name="paths">Of what type.</param>
    /// <param name="path">The number.</param>
    /// <param name="values">Values of the metric's own labels.</param>
    public static EntityMetric Used(MetricDescriptor metric, PropertyPaths paths, string path, params string[] values)
    {
        var index = paths[path];
        return new EntityMetric(metric, values, (in reading) => reading.Usage(index));
    }

    /// <summary>What is used of something that does not run, or is not connected, is from when it last did: that is no value of now.</summary>
    /// <param name="metric">What it is exported as.</param>
    /// <param name="read">Takes it out.</param>
    /// <param name="values">Values of the metric's own labels.</param>
    public static EntityMetric WhileSampled(MetricDescriptor metric, EntityValue read, params string[] values) =>
        new(metric, values, (in reading) => reading.Node.Entity!.IsSampled ? read(reading) : double.NaN);
}
