using System.Buffers;
using Observe.Telemetry.Model;

namespace Observe.Telemetry.Prometheus;

/// <summary>
/// Prometheus text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats). Info metrics are gauges of
/// value 1, histograms the classic octave buckets. Allocates nothing for a series that it has written before.
/// </summary>
public static class TextFormat
{
    /// <summary>Writes all families of the snapshot that have points.</summary>
    /// <param name="snapshot">The snapshot; the caller holds a lease on it.</param>
    /// <param name="output">Where the bytes go.</param>
    public static void Write(MetricSnapshot snapshot, IBufferWriter<byte> output)
    {
        var lines = new Utf8Output(output);
        var families = snapshot.Families;
        for (var i = 0; i < families.Count; i++)
        {
            var family = families[i];
            if (family.Count == 0)
                continue;
            var text = FamilyText.Of(family.Metric);
            lines.Write(text.Header);
            if (family.Metric.Kind == MetricKind.Histogram)
                WriteHistograms(snapshot, family, text, ref lines);
            else
                WriteValues(family, text, ref lines);
        }
        lines.Flush();
    }

    private static void WriteValues(MetricFamily family, FamilyText text, ref Utf8Output lines)
    {
        foreach (ref readonly var point in family.Points)
        {
            SampleLine.Begin(text.Sample, LabelEncoding.Text(point.Series), ref lines);
            lines.WriteFloat(point.Value);
            lines.Write("\n"u8);
        }
    }

    private static void WriteHistograms(MetricSnapshot snapshot, MetricFamily family, FamilyText text, ref Utf8Output lines)
    {
        foreach (ref readonly var point in family.Points)
        {
            var labels = LabelEncoding.Text(point.Series);
            var cells = snapshot.CellsOf(point);
            var cumulative = 0UL;
            for (int bucket = 0, cell = 0; bucket <= ClassicBuckets.Count; bucket++)
            {
                for (var end = ClassicBuckets.EndCell(bucket); cell < end; cell++)
                    cumulative += cells[cell];
                SampleLine.BeginBucket(text.Bucket, labels, ClassicBuckets.LeText(bucket), ref lines);
                lines.Write(cumulative);
                lines.Write("\n"u8);
            }
            SampleLine.Begin(text.Sum, labels, ref lines);
            lines.WriteFloat(point.Value);
            lines.Write("\n"u8);
            SampleLine.Begin(text.Count, labels, ref lines);
            lines.Write(point.Count);
            lines.Write("\n"u8);
        }
    }
}
