using Observe.Collectors.Tests.Running;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Session;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Shouldly;
using Xunit;

namespace Observe.Collectors.Tests.VCenter.Session;

public sealed class ApiSeriesTests
{
    [Fact]
    public async Task Export_AfterRequests_CountsWhatTheServerSaw()
    {
        var sessions = new SessionServer();
        await using var server = await sessions.StartAsync();
        await using var session = new VCenterSession(server.Endpoint, new VCenterOptions(), TimeProvider.System, new RecordingLogger<VCenterSession>());
        var series = new ApiSeries(session, new Resource([], []), 0);
        for (var i = 0; i < 3; i++)
            await session.AskAsync((vim, _, token) => vim.CurrentTimeAsync(token), null, TestContext.Current.CancellationToken);
        sessions.EndAll();
        await session.AskAsync((vim, _, token) => vim.CurrentTimeAsync(token), null, TestContext.Current.CancellationToken);

        var values = Export(series);

        var of = server.Requests.ToLookup(each => each.Method);
        values["observe_vcenter_api_requests_total test CurrentTime answered"].ShouldBe(4);
        values["observe_vcenter_api_requests_total test CurrentTime refused"].ShouldBe(1);
        values["observe_vcenter_api_requests_total test Login answered"].ShouldBe(2);
        values["observe_vcenter_api_sent_bytes_total test CurrentTime"].ShouldBe(of["CurrentTime"].Sum(each => each.Body.Length));
        values["observe_vcenter_api_received_bytes_total test Login"].ShouldBeGreaterThan(2 * 300);
        values["observe_vcenter_api_seconds_total test CurrentTime"].ShouldBeGreaterThan(0);
        values["observe_vcenter_api_logins_total test succeeded"].ShouldBe(2);
        values["observe_vcenter_api_logins_total test refused"].ShouldBe(0);
        values["observe_vcenter_api_sessions test"].ShouldBe(1);
        values["observe_vcenter_api_circuit_open test"].ShouldBe(0);
        Export(series).Count.ShouldBe(values.Count);
    }

    private static Dictionary<string, double> Export(ApiSeries series)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        series.Export(builder);
        using var lease = builder.Build(1);
        return lease.Snapshot.Families.SelectMany(family => family.Points.ToArray()).ToDictionary(
            point => $"{point.Series.Metric} {string.Join(' ', point.Series.Labels.Select(each => each.Value))}", point => point.Value);
    }
}
