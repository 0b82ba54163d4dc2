using Observe.Telemetry.Model;

namespace Observe.Collectors.Running;

/// <summary>Moves what one collector found into the collection of all.</summary>
internal static class SnapshotAppend
{
    /// <summary>Adds every point of a snapshot; allocates nothing once the builder has grown to size.</summary>
    public static void Append(this SnapshotBuilder builder, MetricSnapshot staged)
    {
        foreach (var family in staged.Families)
        {
            foreach (ref readonly var point in family.Points)
            {
                if (family.Metric.Kind == MetricKind.Histogram)
                    builder.AddHistogram(point.Series, point.Value, point.Count, staged.CellsOf(point));
                else
                    builder.Add(point.Series, point.Value);
            }
        }
    }
}
