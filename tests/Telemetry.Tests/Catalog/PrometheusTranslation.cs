using System.Text.RegularExpressions;
using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Catalog;

/// <summary>
/// The name under which Prometheus stores a metric that it receives as OTLP: the OpenTelemetry specification's rule
/// (compatibility/prometheus_and_openmetrics, "OTLP Metric points to Prometheus"), for the units that a catalog may use.
/// </summary>
internal static partial class PrometheusTranslation
{
    private static readonly Dictionary<string, string> Units = new()
    {
        [""] = "",
        ["1"] = "",
        ["s"] = "seconds",
        ["ns"] = "nanoseconds",
        ["ms"] = "milliseconds",
        ["By"] = "bytes",
        ["By/s"] = "bytes_per_second",
        ["KiBy"] = "kibibytes",
        ["MiBy"] = "mebibytes",
        ["Hz"] = "hertz",
        // Not among the units that Prometheus knows: it is kept as it is.
        ["MHz"] = "MHz",
        ["%"] = "percent",
    };

    public static string NameOf(MetricDescriptor metric)
    {
        var tokens = NotInNames().Split(metric.OtelName).Where(token => token.Length > 0).ToList();
        // An annotation in braces says what is counted; it is no unit.
        var unit = metric.Unit.StartsWith('{') ? "" : Units[metric.Unit];
        if (unit.Length > 0 && !tokens.Contains(unit))
            tokens.Add(unit);
        if (metric.Kind == MetricKind.Counter)
            Append(tokens, "total");
        // An info metric is a gauge in OTLP.
        if (metric.Unit == "1" && (metric.Kind is MetricKind.Gauge or MetricKind.Info))
            Append(tokens, "ratio");
        return string.Join('_', tokens);
    }

    private static void Append(List<string> tokens, string last)
    {
        tokens.RemoveAll(token => token == last);
        tokens.Add(last);
    }

    [GeneratedRegex("[^a-zA-Z0-9:]")]
    private static partial Regex NotInNames();
}
