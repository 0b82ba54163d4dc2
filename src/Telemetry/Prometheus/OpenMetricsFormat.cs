using System.Buffers;
using Observe.Telemetry.Model;

namespace Observe.Telemetry.Prometheus;

/// <summary>
/// OpenMetrics text 1.0.0 (https://prometheus.io/docs/specs/om/open_metrics_spec): families without their samples' suffixes,
/// units, info metrics, the start of counters and histograms as <c>_created</c>, and exemplars on buckets. Allocates nothing for a
/// series that it has written before.
/// </summary>
public static class OpenMetricsFormat
{
    /// <summary>Writes all families of the snapshot that have points, and the end mark.</summary>
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
            lines.Write(text.OpenMetricsHeader);
            if (family.Metric.Kind == MetricKind.Histogram)
                WriteHistograms(snapshot, family, text, ref lines);
            else
                WriteValues(family, text, ref lines);
        }
        lines.Write("# EOF\n"u8);
        lines.Flush();
    }

    private static void WriteValues(MetricFamily family, FamilyText text, ref Utf8Output lines)
    {
        var kind = family.Metric.Kind;
        foreach (ref readonly var point in family.Points)
        {
            var labels = LabelEncoding.Text(point.Series);
            SampleLine.Begin(text.Sample, labels, ref lines);
            // The specification asks for the value 1, whatever the collector said.
            if (kind == MetricKind.Info)
                lines.Write(1);
            else
                lines.WriteOpenMetricsFloat(point.Value);
            lines.Write("\n"u8);
            if (kind == MetricKind.Counter)
                WriteCreated(text, labels, point.Series.StartTimeUnixNano, ref lines);
        }
    }

    private static void WriteHistograms(MetricSnapshot snapshot, MetricFamily family, FamilyText text, ref Utf8Output lines)
    {
        foreach (ref readonly var point in family.Points)
        {
            var labels = LabelEncoding.Text(point.Series);
            var cells = snapshot.CellsOf(point);
            var exemplars = snapshot.ExemplarsOf(point);
            var cumulative = 0UL;
            for (int bucket = 0, cell = 0; bucket <= ClassicBuckets.Count; bucket++)
            {
                for (var end = ClassicBuckets.EndCell(bucket); cell < end; cell++)
                    cumulative += cells[cell];
                SampleLine.BeginBucket(text.Bucket, labels, ClassicBuckets.LeOpenMetrics(bucket), ref lines);
                lines.Write(cumulative);
                if (ClassicBuckets.TakeFrom(ref exemplars, bucket, out var exemplar))
                    WriteExemplar(exemplar, ref lines);
                lines.Write("\n"u8);
            }
            SampleLine.Begin(text.Count, labels, ref lines);
            lines.Write(point.Count);
            lines.Write("\n"u8);
            SampleLine.Begin(text.Sum, labels, ref lines);
            lines.WriteOpenMetricsFloat(point.Value);
            lines.Write("\n"u8);
            WriteCreated(text, labels, point.Series.StartTimeUnixNano, ref lines);
        }
    }

    /// <summary><c> # {trace_id="…",span_id="…"} value timestamp</c>.</summary>
    private static void WriteExemplar(in Exemplar exemplar, ref Utf8Output lines)
    {
        lines.Write(" # {"u8);
        lines.Write(ExemplarLabels.TraceId);
        lines.Write("=\""u8);
        lines.WriteHex(exemplar.TraceId);
        lines.Write("\","u8);
        lines.Write(ExemplarLabels.SpanId);
        lines.Write("=\""u8);
        lines.WriteHex(exemplar.SpanId);
        lines.Write("\"} "u8);
        lines.WriteOpenMetricsFloat(exemplar.Value);
        lines.Write(" "u8);
        lines.WriteSeconds(exemplar.TimeUnixNano);
    }

    private static void WriteCreated(FamilyText text, LabelText labels, ulong startTimeUnixNano, ref Utf8Output lines)
    {
        // 0 means that the start is not known; a start in 1970 would make every rate since then wrong.
        if (startTimeUnixNano == 0)
            return;
        SampleLine.Begin(text.Created, labels, ref lines);
        lines.WriteSeconds(startTimeUnixNano);
        lines.Write("\n"u8);
    }
}
