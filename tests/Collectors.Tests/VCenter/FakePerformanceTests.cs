using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Vim;
using Observe.Tests;

namespace Observe.Collectors.Tests.VCenter;

/// <summary>Samples of the fake: one test a rule.</summary>
public sealed class FakePerformanceTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly FakeVCenter vcenter;
    private readonly ManagedObject cluster;
    private readonly ManagedObject host;
    private readonly ManagedObject vm;
    private readonly FakeVim vim;
    private readonly int ready;

    public FakePerformanceTests()
    {
        vcenter = new FakeVCenter(time);
        cluster = vcenter.Inventory.AddCluster("c1", vcenter.Inventory.AddDatacenter("dc"));
        host = vcenter.Inventory.AddHost("esx1", cluster);
        vm = vcenter.Inventory.AddVm("web", host, cpus: 2);
        vim = vcenter.Connect();
        ready = vcenter.Performance.Id("cpu.ready.summation");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await vim.LoginAsync(FakeServices.SessionManager, "reader", "correct horse", Token);

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Query_Since_GivesEverySampleAfterIt()
    {
        var since = vcenter.Clock.Now;
        time.Advance(TimeSpan.FromMinutes(10));
        var of = (await QueryAsync(new PerfQuery(vm, since, null, 20, [(ready, "*")]))).ShouldHaveSingleItem();

        of.Times.Count.ShouldBe(30);
        of.Times.ShouldAllBe(each => each > since && each <= vcenter.Clock.Now && each.ToUnixTimeSeconds() % 20 == 0);
        of.Series.Select(each => each.Instance).ShouldBe(["", "0", "1"]);
        foreach (var series in of.Series)
            series.Values.ShouldBe(of.Times.Select(each => FakePerformance.Truth(vm, "cpu.ready.summation", series.Instance, each)));
        (await QueryAsync(new PerfQuery(vm, of.Times[^1], null, 20, [(ready, "")]))).ShouldBeEmpty("the beginning is exclusive");
        vcenter.Performance.IsNewestFirst = true;
        (await QueryAsync(new PerfQuery(vm, since, 3, 20, [(ready, "")])))[0].Times.ShouldBe(of.Times.TakeLast(3).Reverse());
    }

    [Fact]
    public async Task Query_LongAgo_GivesWhatIsKept()
    {
        time.Advance(TimeSpan.FromHours(3));
        await vim.LoginAsync(FakeServices.SessionManager, "reader", "correct horse", Token);

        (await QueryAsync(new PerfQuery(vm, null, null, 20, [(ready, "")])))[0].Times.Count.ShouldBe(180);
    }

    [Fact]
    public async Task Query_Gaps_AreMinusOneOrNothing()
    {
        var since = vcenter.Clock.Now;
        time.Advance(TimeSpan.FromMinutes(2));
        vcenter.Performance.Gap(vm, since, since + TimeSpan.FromSeconds(60));
        vcenter.Performance.Gap(vm, since + TimeSpan.FromSeconds(61), since + TimeSpan.FromSeconds(90), isOmitted: true);
        var of = (await QueryAsync(new PerfQuery(vm, since, null, 20, [(ready, "")])))[0];

        of.Series[0].Values.Count(each => each == -1).ShouldBe(3);
        of.Times.Count.ShouldBeLessThan(6);
    }

    [Fact]
    public async Task Query_NotRunningOrNotConnected_GivesNothing()
    {
        time.Advance(TimeSpan.FromMinutes(1));
        vcenter.Inventory.Set(host, "runtime.connectionState", "notResponding", "HostSystemConnectionState");
        (await QueryAsync(new PerfQuery(vm, null, null, 20, [(ready, "")]), new PerfQuery(host, null, null, 20, [(ready, "")]))).ShouldBeEmpty();
        vcenter.Inventory.Set(host, "runtime.connectionState", "connected", "HostSystemConnectionState");
        vcenter.Inventory.Power(vm, isOn: false);

        (await QueryAsync(new PerfQuery(vm, null, null, 20, [(ready, "")]), new PerfQuery(host, null, null, 20, [(ready, "")]))).ShouldHaveSingleItem().Entity.ShouldBe(host);
    }

    [Fact]
    public async Task Query_TooManyMetrics_IsRestricted()
    {
        vcenter.Performance.MaxQueryMetrics = 3;
        (await vim.QueryOptionAsync(FakeServices.Setting, "config.vpxd.stats.maxQueryMetrics", Token)).ShouldBe("3");
        var query = new PerfQuery(vm, null, 1, 20, [(ready, ""), (vcenter.Performance.Id("cpu.run.summation"), "")]);
        await QueryAsync(query);

        (await FaultAsync(query, query)).ShouldBe("RestrictedByAdministrator");
        vcenter.Performance.MaxQueryMetrics = -1;
        await QueryAsync(query, query);
        vcenter.Performance.MaxQueryMetrics = null;
        (await vim.QueryOptionAsync(FakeServices.Setting, "config.vpxd.stats.maxQueryMetrics", Token)).ShouldBeNull();
        (await FaultAsync([.. Enumerable.Repeat(query, 129)])).ShouldBe("RestrictedByAdministrator");
    }

    [Fact]
    public async Task Query_Nonsense_IsRefused()
    {
        (await FaultAsync(new PerfQuery(vm, null, null, 20, [(999_999, "")]))).ShouldBe("InvalidArgument");
        (await FaultAsync(new PerfQuery(vm, null, 0, 20, [(ready, "")]))).ShouldBe("InvalidArgument");
        (await FaultAsync(new PerfQuery(vm, null, null, 60, [(ready, "")]))).ShouldBe("InvalidArgument");
        (await FaultAsync(new PerfQuery(cluster, null, null, 20, [(ready, "")]))).ShouldBe("InvalidArgument");
        vcenter.Inventory.Remove(vm);
        (await FaultAsync(new PerfQuery(vm, null, null, 20, [(ready, "")]))).ShouldBe("ManagedObjectNotFound");
    }

    [Fact]
    public void Counters_OfTwoVCenters_HaveOtherNumbers()
    {
        var other = new FakeVCenter(time, seed: 2).Performance;

        vcenter.Performance.Counters.Count(each => other.Id(each.FullName) == each.Id).ShouldBeLessThan(vcenter.Performance.Counters.Count / 10);
        vcenter.Performance.Counters.Select(each => each.Id).ShouldBeUnique();
    }

    private Task<IReadOnlyList<PerfEntitySamples>> QueryAsync(params PerfQuery[] queries) => vim.QueryPerfAsync(FakeServices.PerfManager, queries, Token);

    private async Task<string> FaultAsync(params PerfQuery[] queries) => (await Should.ThrowAsync<VimFaultException>(() => QueryAsync(queries))).Fault;
}
