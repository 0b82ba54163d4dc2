using System.Text;
using Observe.Telemetry.Model;
using Observe.Telemetry.Prometheus;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>Linters and parsers of the Prometheus project have nothing to say about what we write.</summary>
public class PeerTests
{
    private const string StrictOpenMetricsParser = """
        import sys
        from prometheus_client.openmetrics.parser import text_string_to_metric_families
        print(sum(len(f.samples) for f in text_string_to_metric_families(sys.stdin.buffer.read().decode())))
        """;

    [Fact]
    public async Task PromtoolCheckMetrics_Fixture_IsSilent()
    {
        using var lease = Fixture.Build();
        var (exitCode, output) = await Peer.RunOrSkip("promtool", ["check", "metrics"], Written.Bytes(ExpositionFormat.Text, lease.Snapshot));
        output.ShouldBeEmpty();
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task PromtoolCheckMetrics_EveryRowOfTheCatalog_ComplainsOfNoNameThatIsOurs()
    {
        using var lease = EveryRow();
        var (_, output) = await Peer.RunOrSkip("promtool", ["check", "metrics"], Written.Bytes(ExpositionFormat.Text, lease.Snapshot));
        // Names and units of the container engine's counters and of vcenterreceiver were given elsewhere; only these two things may be wrong with them.
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !((line.StartsWith("container_", StringComparison.Ordinal) || line.StartsWith("vcenter_", StringComparison.Ordinal)) && (line.Contains("use base unit") || line.Contains("\"_count\" suffix"))))
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task PromtoolCheckMetrics_CounterWithoutHelp_Complains()
    {
        // The linter is awake: without this the two tests above could not fail.
        var (exitCode, output) = await Peer.RunOrSkip("promtool", ["check", "metrics"], "# TYPE a counter\na 1\n"u8.ToArray());
        output.ShouldContain("no help text");
        exitCode.ShouldNotBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StrictOpenMetricsParser_OurText_TakesEverySample(bool everyRow)
    {
        using var lease = everyRow ? EveryRow() : Fixture.Build();
        var text = Written.Text(ExpositionFormat.OpenMetrics, lease.Snapshot);
        var (exitCode, output) = await Peer.RunOrSkip("/usr/bin/python3", ["-c", StrictOpenMetricsParser], Encoding.UTF8.GetBytes(text));
        if (output.Contains("ModuleNotFoundError", StringComparison.Ordinal))
            Assert.Skip("python3 has no prometheus_client (Debian: python3-prometheus-client)");
        exitCode.ShouldBe(0, output);
        int.Parse(output).ShouldBe(text.Split('\n').Count(line => line.Length > 0 && line[0] != '#'));
    }

    private static MetricSnapshot.Lease EveryRow()
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        foreach (var metric in MetricCatalog.All)
        {
            var series = new Series(metric, metric.Scope == MetricScope.Workload ? Fixture.Web : Fixture.Host, Fixture.Start, [.. metric.Labels.Select(_ => "x")]);
            if (metric.Kind == MetricKind.Histogram)
                builder.AddHistogram(series, 0, 0, new ulong[ExponentialLayout.Cells]);
            else
                builder.Add(series, 1);
        }
        return builder.Build(Fixture.Start);
    }
}
