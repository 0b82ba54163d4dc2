using System.Text;
using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Catalog;

/// <summary>Writes docs/metrics.md from the catalog.</summary>
internal static class MetricsDocument
{
    private const string Introduction = """
        # Metrics

        <!-- Generated from src/Telemetry/MetricCatalog.cs by 'make golden'; a test compares. -->

        Every metric that Observe exports, under its Prometheus name with the OpenTelemetry name below it. The two are the same
        name: a Prometheus that receives our OTLP stores it under the name that it would have scraped.

        - **Per workload** series carry `workload`, `workload_kind` and `workload_id`, and in Kubernetes `k8s_namespace_name`,
          `k8s_pod_name` and `k8s_container_name`; the rest of a workload's identity is on `observe_workload_info`. In OTLP each
          workload is a Resource of its own.
        - **Histograms** are exponential with four buckets an octave: native histograms (schema 2) for a Prometheus that scrapes
          protobuf, exponential histograms (scale 2) in OTLP. The text formats show one bucket an octave, from 2^-20 s (about
          1 us) to 2^4 s (16 s). The bounds are the same cells, so the counts agree exactly.
        - **Exemplars** tie buckets of some histograms to the spans of single stalls, in every format but text 0.0.4: `exemplars.md`.
        - **Counters** grow from zero since the series began; OpenMetrics, protobuf and OTLP say when that was.
        - What cannot be measured on a host is absent, never 0.

        """;

    public static string Write(IReadOnlyList<MetricDescriptor> catalog)
    {
        var text = new StringBuilder(Introduction);
        WriteSection(text, "Per workload", catalog.Where(metric => metric.Scope == MetricScope.Workload));
        WriteSection(text, "Per thing a vCenter manages", catalog.Where(metric => metric.Scope == MetricScope.VCenter));
        WriteSection(text, "Per host, and Observe itself", catalog.Where(metric => metric.Scope == MetricScope.Host));
        return text.ToString();
    }

    private static void WriteSection(StringBuilder text, string title, IEnumerable<MetricDescriptor> metrics)
    {
        text.Append($"\n## {title}\n\n| Metric | Kind | Unit | Labels | Meaning |\n|---|---|---|---|---|\n");
        foreach (var metric in metrics)
            text.Append($"| `{metric.PrometheusName}`<br>`{metric.OtelName}` | {metric.Kind.ToString().ToLowerInvariant()} | {UnitOf(metric)} | {LabelsOf(metric)} | {Escape(metric.Help)} |\n");
    }

    private static string UnitOf(MetricDescriptor metric) => metric.Unit switch
    {
        "" => "",
        "s" => "seconds",
        "By" => "bytes",
        _ when metric.Help.StartsWith("Whether", StringComparison.Ordinal) => "0 or 1",
        var unit => Escape(unit.Trim('{', '}').Replace('_', ' ')),
    };

    private static string LabelsOf(MetricDescriptor metric) => string.Join(", ", metric.Labels.Select(label => $"`{label}`"));

    private static string Escape(string text) => text.Replace("|", "\\|").Replace("<", "&lt;");
}
