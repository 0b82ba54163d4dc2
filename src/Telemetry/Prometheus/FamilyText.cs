using System.Runtime.CompilerServices;
using System.Text;
using Observe.Telemetry.Model;

namespace Observe.Telemetry.Prometheus;

/// <summary>What the text formats say about a metric that does not change: its headers and sample names, in bytes. Lives as long as the descriptor.</summary>
internal sealed class FamilyText
{
    private static readonly ConditionalWeakTable<MetricDescriptor, FamilyText> Cache = [];

    private FamilyText(MetricDescriptor metric)
    {
        var family = OpenMetricsFamily(metric);
        // The unit must be the end of the family's name; info metrics must have none.
        Unit = metric.Kind != MetricKind.Info && MetricUnit.SuffixOf(metric.Unit) is { } unit && family.EndsWith('_' + unit, StringComparison.Ordinal) ? unit : null;
        Header = Encoding.UTF8.GetBytes(
            $"# HELP {metric.PrometheusName} {EscapeHelp(metric.Help)}\n# TYPE {metric.PrometheusName} {TypeName(metric.Kind, info: "gauge")}\n");
        OpenMetricsHeader = Encoding.UTF8.GetBytes(
            $"# TYPE {family} {TypeName(metric.Kind, info: "info")}\n" +
            (Unit is null ? "" : $"# UNIT {family} {Unit}\n") +
            $"# HELP {family} {EscapeHelp(metric.Help).Replace("\"", "\\\"", StringComparison.Ordinal)}\n");
        Sample = Encoding.ASCII.GetBytes(metric.PrometheusName);
        Bucket = Encoding.ASCII.GetBytes(metric.PrometheusName + "_bucket{");
        Sum = Encoding.ASCII.GetBytes(metric.PrometheusName + "_sum");
        Count = Encoding.ASCII.GetBytes(metric.PrometheusName + "_count");
        Created = Encoding.ASCII.GetBytes(family + "_created");
    }

    /// <summary>The unit at the end of the family's name; null without one.</summary>
    public string? Unit { get; }

    /// <summary><c># HELP</c> and <c># TYPE</c> of text 0.0.4.</summary>
    public byte[] Header { get; }

    /// <summary><c># TYPE</c>, <c># UNIT</c> and <c># HELP</c> of OpenMetrics.</summary>
    public byte[] OpenMetricsHeader { get; }

    /// <summary>Sample name of counters, gauges and info metrics, the same in both formats.</summary>
    public byte[] Sample { get; }

    /// <summary>Start of a bucket's line, with the opening brace.</summary>
    public byte[] Bucket { get; }

    /// <summary>Sample name of a histogram's sum.</summary>
    public byte[] Sum { get; }

    /// <summary>Sample name of a histogram's count.</summary>
    public byte[] Count { get; }

    /// <summary>Sample name of the start time in OpenMetrics.</summary>
    public byte[] Created { get; }

    public static FamilyText Of(MetricDescriptor metric) => Cache.GetValue(metric, static each => new FamilyText(each));

    /// <summary>OpenMetrics names the family without the suffix that its samples then carry.</summary>
    private static string OpenMetricsFamily(MetricDescriptor metric)
    {
        var suffix = metric.Kind switch
        {
            MetricKind.Counter => "_total",
            MetricKind.Info => "_info",
            _ => "",
        };
        return metric.PrometheusName.EndsWith(suffix, StringComparison.Ordinal)
            ? metric.PrometheusName[..^suffix.Length]
            : throw new ArgumentException($"the name of the {metric.Kind} metric {metric.PrometheusName} must end in {suffix}: OpenMetrics has no other way to write it", nameof(metric));
    }

    private static string TypeName(MetricKind kind, string info) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        MetricKind.Histogram => "histogram",
        MetricKind.Info => info,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a metric kind"),
    };

    private static string EscapeHelp(string help) =>
        help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
}
