using System.Text.RegularExpressions;
using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Catalog;

/// <summary>
/// The name under which Prometheus stores a metric that it receives as OTLP, by its own rule (github.com/prometheus/otlptranslator,
/// metric_namer.go, strategy UnderscoreEscapingWithSuffixes; in Prometheus 3.5 storage/remote/otlptranslator).
/// </summary>
internal static partial class PrometheusTranslation
{
    private static readonly Dictionary<string, string> Units = new()
    {
        ["d"] = "days", ["h"] = "hours", ["min"] = "minutes", ["s"] = "seconds", ["ms"] = "milliseconds", ["us"] = "microseconds", ["ns"] = "nanoseconds",
        ["By"] = "bytes", ["KiBy"] = "kibibytes", ["MiBy"] = "mebibytes", ["GiBy"] = "gibibytes", ["kBy"] = "kilobytes", ["MBy"] = "megabytes", ["GBy"] = "gigabytes",
        ["m"] = "meters", ["V"] = "volts", ["A"] = "amperes", ["J"] = "joules", ["W"] = "watts", ["g"] = "grams",
        ["Cel"] = "celsius", ["Hz"] = "hertz", ["1"] = "", ["%"] = "percent",
    };

    public static string NameOf(MetricDescriptor metric)
    {
        var tokens = NotInNames().Split(metric.OtelName).Where(token => token.Length > 0).ToList();
        if (metric.Unit.Length > 0 && !metric.Unit.AsSpan().ContainsAny('{', '}'))
        {
            var suffix = Units.GetValueOrDefault(metric.Unit, metric.Unit);
            if (suffix.Length > 0 && !tokens.Contains(suffix))
                tokens.Add(suffix);
        }
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
