using System.Reflection;
using System.Text.RegularExpressions;
using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Catalog;

/// <summary>Every row of the catalog keeps the rules of both dialects.</summary>
public partial class MetricCatalogTests
{
    private static readonly string[] WorkloadLabels =
        ["workload", "workload_kind", "workload_id", "k8s_namespace_name", "k8s_pod_name", "k8s_container_name"];

    // Labels that Prometheus itself sets on what it scrapes.
    private static readonly string[] ServerLabels = ["job", "instance"];

    public static TheoryData<string> Rows => [.. MetricCatalog.All.Select(metric => metric.PrometheusName)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Name_TranslatedByPrometheus_IsOurPrometheusName(string row) =>
        PrometheusTranslation.NameOf(Find(row)).ShouldBe(row, "who scrapes and who receives OTLP must see the same names");

    [Theory]
    // From the tests of otlptranslator, so that the rule above is not ours.
    [InlineData("system.io", "By", MetricKind.Counter, "system_io_bytes_total")]
    [InlineData("active.ping", "ms", MetricKind.Gauge, "active_ping_milliseconds")]
    [InlineData("broken.metric.speed.km", "1", MetricKind.Gauge, "broken_metric_speed_km_ratio")]
    [InlineData("hw.gpu.memory_utilization", "1", MetricKind.Gauge, "hw_gpu_memory_utilization_ratio")]
    [InlineData("hw.fan.speed_ratio", "1", MetricKind.Gauge, "hw_fan_speed_ratio")]
    [InlineData("storage.filesystem.used", "GiBy", MetricKind.Gauge, "storage_filesystem_used_gibibytes")]
    [InlineData("hw.hw_seconds", "s", MetricKind.Counter, "hw_hw_seconds_total")]
    [InlineData("nsxt.node.cpu.total", "{core}", MetricKind.Gauge, "nsxt_node_cpu_total")]
    [InlineData("total.of.it", "", MetricKind.Counter, "of_it_total")]
    public void PrometheusTranslation_KnownNames_TranslatesAsPrometheusDoes(string otel, string unit, MetricKind kind, string expected) =>
        PrometheusTranslation.NameOf(new MetricDescriptor("x", otel, unit, kind, MetricScope.Host, "X")).ShouldBe(expected);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Name_OfEachKind_HasItsSuffixAndNoOther(string row)
    {
        var metric = Find(row);
        row.ShouldMatch("^[a-z][a-z0-9]*(_[a-z0-9]+)*$");
        metric.OtelName.ShouldMatch(@"^[a-z][a-z0-9]*([._][a-z0-9]+)*$");
        // A gauge named like another kind's sample would collide with it, or make linters and people misread it.
        string[] reserved = ["_total", "_info", "_bucket", "_count", "_sum", "_created"];
        var expected = metric.Kind switch { MetricKind.Counter => "_total", MetricKind.Info => "_info", _ => null };
        reserved.Where(row.EndsWith).ShouldBe(expected is null ? [] : [expected]);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Unit_OfEachKind_IsKnown(string row)
    {
        var metric = Find(row);
        if (metric.Kind == MetricKind.Info)
            metric.Unit.ShouldBeEmpty();
        else
            (metric.Unit is "s" or "By" or "Hz" or "%" || Annotation().IsMatch(metric.Unit)).ShouldBeTrue($"{row}: unit '{metric.Unit}'");
        if (metric.Kind == MetricKind.Histogram)
            metric.Unit.ShouldBe("s", "the layout of the cells is in seconds");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Labels_OfEachRow_AreLegalAndCollideWithNothing(string row)
    {
        var metric = Find(row);
        foreach (var label in metric.Labels)
            label.ShouldMatch("^[a-z][a-z0-9]*(_[a-z0-9]+)*$");
        metric.Labels.ShouldBeUnique();
        metric.Labels.Intersect([.. WorkloadLabels, .. ServerLabels, "le", "quantile"]).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Help_OfEachRow_IsOneLineForPeople(string row)
    {
        var help = Find(row).Help;
        help.ShouldNotEndWith(".");
        help.ShouldBe(help.Trim());
        help.ShouldMatch("^[A-Z0-9][ -~]+$", "one line of ASCII that begins like a sentence");
    }

    [Fact]
    public void All_EveryRowOfTheClass_IsListedOnce()
    {
        var fields = typeof(MetricCatalog).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(MetricDescriptor)).Select(field => (MetricDescriptor)field.GetValue(null)!);
        MetricCatalog.All.ShouldBe(fields, ignoreOrder: true);
    }

    [Fact]
    public void All_NamesInEveryDialect_AreUnique()
    {
        MetricCatalog.All.Select(metric => metric.PrometheusName).ShouldBeUnique();
        MetricCatalog.All.Select(metric => metric.OtelName).ShouldBeUnique();
        // OpenMetrics: families without suffix, and no family that is another's sample.
        MetricCatalog.All.Select(metric => Regex.Replace(metric.PrometheusName, "_(total|info)$", "")).ShouldBeUnique();
        MetricCatalog.All.SelectMany(SamplesOf).ShouldBeUnique();
    }

    private static IEnumerable<string> SamplesOf(MetricDescriptor metric) => metric.Kind switch
    {
        MetricKind.Histogram => [metric.PrometheusName + "_bucket", metric.PrometheusName + "_count", metric.PrometheusName + "_sum", metric.PrometheusName + "_created"],
        MetricKind.Counter => [metric.PrometheusName, Regex.Replace(metric.PrometheusName, "_total$", "_created")],
        _ => [metric.PrometheusName],
    };

    private static MetricDescriptor Find(string row) => MetricCatalog.All.Single(metric => metric.PrometheusName == row);

    [GeneratedRegex(@"^\{[a-z_]+\}$")]
    private static partial Regex Annotation();
}
