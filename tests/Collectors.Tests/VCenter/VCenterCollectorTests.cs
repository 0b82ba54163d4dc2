using System.Diagnostics;
using Observe.Bpf.Host;
using Observe.Collectors.Events;
using Observe.Collectors.Self;
using Observe.Collectors.Tests.Running;
using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.Tests.VCenter.Fake.Soap;
using Observe.Collectors.VCenter;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.VCenter;

/// <summary>All parts together, over HTTP, as the agent has them.</summary>
public sealed class VCenterCollectorTests : IDisposable
{
    private static readonly Resource Host = new([], []);

    private readonly string state = Directory.CreateTempSubdirectory("observe-state-").FullName;
    private readonly LossCounters losses = new();
    private readonly UnifiedClock clock = new();
    private readonly RecordingLogger<VCenterCollector> logger = new();
    private readonly EventTimeline timeline;

    public VCenterCollectorTests()
    {
        timeline = new EventTimeline([], Host, losses, TimeProvider.System, new RecordingLogger<EventTimeline>());
        var (before, realTime, after) = HostClock.Read();
        clock.Take(new ClockReading(before, realTime, after), 0);
    }

    public void Dispose()
    {
        timeline.Dispose();
        Directory.Delete(state, recursive: true);
    }

    [Fact]
    public async Task CollectAsync_OneOfThreeIsAway_TheOthersAreFollowedEachInASessionOfItsOwn()
    {
        var (one, other) = (Center("web"), Center("db"));
        await using var first = await FakeSoapServer.StartAsync(one);
        await using var second = await FakeSoapServer.StartAsync(other);
        await using (var collector = Make(Endpoint("one", first.Url), Endpoint("other", second.Url), Endpoint("away", new Uri("http://127.0.0.1:1/sdk"))))
        {
            var series = await UntilAsync(collector, all => all.Any(IsPower("one", "web")) && all.Any(IsPower("other", "db")) && all.Count(each => each.StartsWith("observe_clock_offset_seconds", StringComparison.Ordinal)) == 2);

            series.ShouldContain("observe_vcenter_api_sessions one 1");
            series.ShouldContain("observe_vcenter_api_sessions other 1");
            series.ShouldContain("observe_vcenter_api_sessions away 0");
            series.ShouldNotContain(each => each.StartsWith("observe_vcenter_vm_power", StringComparison.Ordinal) && each.Contains("away", StringComparison.Ordinal));
            var result = await collector.CollectAsync(new SnapshotBuilder(MetricCatalog.All, new SnapshotPool()), TestContext.Current.CancellationToken);
            result.Reason.ShouldNotBeNull().ShouldStartWith("away: cannot connect to 127.0.0.1:1");
            collector.Status.Where(each => each.Component is "vcenter one" or "vcenter other" or "vcenter away").Select(each => (each.Component, each.Level)).ShouldBe(
                [("vcenter one", StatusLevel.Ok), ("vcenter other", StatusLevel.Ok), ("vcenter away", StatusLevel.Degraded)]);
            logger.Lines.Count(line => line.Contains("vCenter away", StringComparison.Ordinal) && line.Contains("not logged in", StringComparison.Ordinal)).ShouldBe(1);
        }

        foreach (var center in (FakeVCenter[])[one, other])
            (center.Sessions.Logins, center.Sessions.Logouts, center.Sessions.Open, center.Sessions.OpenObjects).ShouldBe((1, 1, 0, 0));
    }

    [Fact]
    public async Task DisposeAsync_EventsWereRead_StateIsKeptForEachEndpoint()
    {
        var center = Center("web");
        await using var server = await FakeSoapServer.StartAsync(center);
        await using (var collector = Make(Endpoint("a/b", server.Url)))
            await UntilAsync(collector, _ => collector.Status.Any(each => each is { Component: "vcenter a/b events", Level: StatusLevel.Ok }));

        Directory.GetFiles(Path.Combine(state, "vcenter")).Select(Path.GetFileName).ShouldBe(["a%2fb.json"]);
    }

    [Fact]
    public async Task DisposeAsync_ServerHangs_StopsAllTheSame()
    {
        var center = Center("web");
        await using var server = await FakeSoapServer.StartAsync(center);
        var collector = Make(Endpoint("one", server.Url));
        await UntilAsync(collector, all => all.Any(IsPower("one", "web")));
        center.Faults.Often(FakeTrouble.Hang, 1, _ => true);
        var began = Stopwatch.GetTimestamp();

        await collector.DisposeAsync();

        // Less than a second for the session, half a second for the parts; the rest is this machine's.
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(4));
        logger.Lines.ShouldContain(line => line.Contains("not logged out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_ServerIsThere_TellsOfNoTrouble()
    {
        var center = Center("web");
        center.Latency.Set(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5), TimeSpan.Zero);
        await using var server = await FakeSoapServer.StartAsync(center);
        await using (var collector = Make(Endpoint("one", server.Url)))
            await UntilAsync(collector, all => all.Any(IsPower("one", "web")) && collector.Status.Any(each => each is { Component: "vcenter one events", Level: StatusLevel.Ok }));

        logger.Lines.ShouldAllBe(line => line.StartsWith("Information: ", StringComparison.Ordinal));
    }

    private static Func<string, bool> IsPower(string vcenter, string machine) => series => series.StartsWith($"observe_vcenter_vm_power {vcenter} {machine} ", StringComparison.Ordinal);

    private static FakeVCenter Center(string machine)
    {
        var center = new FakeVCenter();
        center.Inventory.AddVm(machine, center.Inventory.AddHost("esx1", center.Inventory.AddCluster("c1", center.Inventory.AddDatacenter("dc1"))));
        return center;
    }

    private static VCenterEndpoint Endpoint(string name, Uri url) => new(url) { Name = name, Username = "reader", Password = "correct horse" };

    private VCenterCollector Make(params VCenterEndpoint[] endpoints) => new(
        new VCenterOptions { Endpoints = endpoints, StateDirectory = state }, timeline, new SampleQueue(1 << 20, _ => { }), clock, Host, losses, TimeProvider.System, logger);

    /// <summary>Collects until it is as it should be: name, labels and value of each series.</summary>
    private static async Task<List<string>> UntilAsync(VCenterCollector collector, Func<List<string>, bool> condition)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            await collector.CollectAsync(builder, TestContext.Current.CancellationToken);
            using var lease = builder.Build(1);
            var all = lease.Snapshot.Families.SelectMany(family => family.Points.ToArray()).Select(
                point => $"{point.Series.Metric.PrometheusName} {string.Join(' ', point.Series.Resource.Labels.Concat(point.Series.Labels).Select(each => each.Value))} {point.Value}").ToList();
            if (condition(all))
                return all;
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(30), string.Join('\n', all.Concat(collector.Status.Select(each => each.ToString()))));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
