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
    // One case for each sentence of the rule; without them the rule could be bent until the catalog passes.
    [InlineData("disk.io", "By", MetricKind.Counter, "disk_io_bytes_total")]
    [InlineData("ping.time", "ms", MetricKind.Gauge, "ping_time_milliseconds")]
    [InlineData("cpu.use", "1", MetricKind.Gauge, "cpu_use_ratio")]
    [InlineData("cpu.use_ratio", "1", MetricKind.Gauge, "cpu_use_ratio")]
    [InlineData("items", "1", MetricKind.Counter, "items_total")]
    [InlineData("wait_seconds.sum", "s", MetricKind.Counter, "wait_seconds_sum_total")]
    [InlineData("node.cpu.total", "{core}", MetricKind.Gauge, "node_cpu_total")]
    [InlineData("total.of.it", "", MetricKind.Counter, "of_it_total")]
    [InlineData("a..b__c", "", MetricKind.Gauge, "a_b_c")]
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
        reserved.Where(row.EndsWith).Where(suffix => suffix != "_count" || !IsOfTheReceiver(metric)).ShouldBe(expected is null ? [] : [expected]);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Unit_OfEachKind_IsKnown(string row)
    {
        var metric = Find(row);
        if (metric.Kind == MetricKind.Info)
            metric.Unit.ShouldBeEmpty();
        else
            (metric.Unit is "s" or "By" or "Hz" or "%" || IsRatio(metric) || IsOfTheReceiver(metric) || Annotation().IsMatch(metric.Unit)).ShouldBeTrue($"{row}: unit '{metric.Unit}'");
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
        var fields = new[] { typeof(MetricCatalog), typeof(ContainerMetrics), typeof(VCenterMetrics) }.SelectMany(rows => rows.GetFields(BindingFlags.Public | BindingFlags.Static))
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

    // What is a ratio in truth, and called one.
    private static bool IsRatio(MetricDescriptor metric) => metric is { Unit: "1", Kind: MetricKind.Gauge } && metric.PrometheusName.EndsWith("_ratio", StringComparison.Ordinal);

    // Names and units that were given elsewhere, whatever one thinks of them.
    private static bool IsOfTheReceiver(MetricDescriptor metric) => metric.OtelName.StartsWith("container.", StringComparison.Ordinal) && metric.Unit is "ns" or "ms" or "{pid}" or "{cpu}";

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
