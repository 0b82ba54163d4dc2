using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Observe.Agent.Export.Otlp;
using Observe.Telemetry.Model;

namespace Observe.Agent.Tests.Otlp;

/// <summary>Pushes to real databases and asks them what they understood.</summary>
public sealed class RealReceiverTests
{
    [Theory]
    [InlineData(OtlpCompression.None)]
    [InlineData(OtlpCompression.Gzip)]
    public async Task Export_ToPrometheus_AnswersQueriesWithOurNumbers(OtlpCompression compression)
    {
        await using var prometheus = await RealReceiver.StartPrometheusAsync();
        var source = await PushAsync(prometheus, compression);
        await ShouldAnswerAsync(prometheus);
        (await prometheus.QueryAsync("count(target_info{container_id=~\"c1|c2\"})")).ShouldBe(2);
        const string histogram = "observe_runqueue_wait_seconds{job=\"web\"}";
        (await prometheus.QueryAsync($"histogram_count({histogram})")).ShouldBe(100);
        (await prometheus.QueryAsync($"histogram_sum({histogram})")).ShouldBe(TwoWorkloads.WebSum);
        await ShouldHaveQuantilesAsync(prometheus, source, histogram);
    }

    [Theory]
    [InlineData(OtlpCompression.None)]
    [InlineData(OtlpCompression.Gzip)]
    public async Task Export_ToVictoriaMetrics_AnswersQueriesWithOurNumbers(OtlpCompression compression)
    {
        await using var victoria = await RealReceiver.StartVictoriaMetricsAsync();
        var source = await PushAsync(victoria, compression);
        await ShouldAnswerAsync(victoria);
        (await victoria.QueryAsync("count(observe_thread_time_seconds_total{container_id=~\"c1|c2\",state=\"running\"})")).ShouldBe(2);
        (await victoria.QueryAsync("observe_runqueue_wait_seconds_count{service_name=\"web\"}")).ShouldBe(100);
        (await victoria.QueryAsync("observe_runqueue_wait_seconds_sum{service_name=\"web\"}")).ShouldBe(TwoWorkloads.WebSum);
        await ShouldHaveQuantilesAsync(victoria, source, "observe_runqueue_wait_seconds_bucket{service_name=\"web\"}");
    }

    private static async Task<TwoWorkloads> PushAsync(RealReceiver receiver, OtlpCompression compression)
    {
        var source = new TwoWorkloads();
        var status = new OtlpExporterStatus();
        var options = Running.Options(receiver.MetricsUrl) with { SignalEndpoint = receiver.MetricsUrl, Compression = compression };
        using var exporter = new OtlpExporter(options, source, status, TimeProvider.System, NullLogger<OtlpExporter>.Instance);
        await exporter.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 500 && status.AcceptedPoints == 0 && status.Failures.Count == 0; i++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await exporter.StopAsync(TestContext.Current.CancellationToken);
        status.Failures.ShouldBeEmpty();
        // Once, and once more at the end.
        status.AcceptedPoints.ShouldBe(2 * 7);
        return source;
    }

    private static async Task ShouldAnswerAsync(RealReceiver receiver)
    {
        var service = receiver.ServiceLabel;
        (await receiver.QueryAsync($"observe_thread_time_seconds_total{{state=\"running\",{service}=\"web\"}}")).ShouldBe(12.5);
        (await receiver.QueryAsync($"observe_thread_time_seconds_total{{state=\"waiting\",{service}=\"web\"}}")).ShouldBe(1.5);
        (await receiver.QueryAsync($"observe_thread_time_seconds_total{{state=\"running\",{service}=\"db\"}}")).ShouldBe(99.25);
        (await receiver.QueryAsync($"{{__name__=~\"observe_build.*\",{service}=\"observe\",version=\"0.1.0\"}}")).ShouldBe(1);
    }

    // All of a bucket and nothing above it: the quantile at its upper edge is its upper bound.
    private static async Task ShouldHaveQuantilesAsync(RealReceiver receiver, TwoWorkloads source, string histogram)
    {
        ulong below = 0;
        foreach (var (cell, count) in source.Web)
        {
            below += count;
            var query = string.Create(CultureInfo.InvariantCulture, $"histogram_quantile({(below / 100.0) - 1e-12:R}, {histogram})");
            var bound = ExponentialLayout.UpperBound(cell);
            // VictoriaMetrics writes bounds with four significant digits.
            (await receiver.QueryAsync(query)).ShouldBe(bound, bound * 1e-3, $"cell {cell}");
        }
    }
}
