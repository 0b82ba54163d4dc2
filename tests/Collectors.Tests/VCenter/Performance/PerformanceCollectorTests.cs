using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Performance;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Performance;

/// <summary>Every sample, once, at its own time, with its own value: whatever the server does.</summary>
public sealed class PerformanceCollectorTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("OBSERVE_LONG") == "1";

    private static DateTimeOffset Begin(SampledCenter center) => center.VCenter.Clock.Now - RealTime.Interval;

    private static FakeTrouble? Down(string method) => method == "QueryPerf" ? FakeTrouble.CutBefore : null;

    [Fact]
    public async Task Run_HalfAnHourWithAnOutageOfTenMinutes_EverySampleOnceAtItsTime()
    {
        var center = new SampledCenter(machines: IsLong ? 1000 : 40, hosts: IsLong ? 40 : 2);
        var begin = Begin(center);
        await center.RunAsync(30);
        center.VCenter.Faults.Decide = Down;
        await center.RunAsync(30);
        var before = center.Points;
        center.VCenter.Faults.Decide = null;
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        await center.RunAsync(1);
        var backfill = System.Diagnostics.Stopwatch.GetElapsedTime(began);
        var backfilled = center.Points - before;
        await center.RunAsync(29);

        var stamps = SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - RealTime.Interval).ToList();
        stamps.Count.ShouldBe(90);
        center.ShouldHaveDelivered(center.Machines, SampleTruth.OfMachines, stamps);
        center.ShouldHaveDelivered(center.Hosts, SampleTruth.OfHosts, stamps);
        center.Points.ShouldBe(90L * ((center.Machines.Count * SampleTruth.OfMachines.Count) + (center.Hosts.Count * SampleTruth.OfHosts.Count)));
        center.Collector.Totals.Samples.ShouldBe(90L * (center.Machines.Count + center.Hosts.Count));
        (center.Collector.Totals.ServerGaps, center.Collector.Totals.RetentionGaps, center.Collector.Totals.MissingValues).ShouldBe((0, 0, 0));
        output.WriteLine($"{center.Machines.Count} VMs, {center.Hosts.Count} hosts: {center.Points} points of {center.Collector.Totals.Samples} samples, {center.Collector.Totals.Requests} requests; {backfilled} points in the round after the outage, {backfill.TotalSeconds:0.00} s");
    }

    [Fact]
    public async Task Run_NothingPushed_WhoScrapesSeesTheNewestAndTheSumOfAll()
    {
        var center = new SampledCenter(machines: 3, isPushed: false);
        var begin = Begin(center);
        await center.RunAsync(50);

        var scraped = center.Scrape();
        var stamps = SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - RealTime.Interval).ToList();
        foreach (var truth in SampleTruth.OfMachines)
            scraped[(center.Machines[1].Id, truth.Metric, truth.Labels)].ShouldBe(truth.Values(center.Machines[1], stamps).Last(), 1e-6);
        center.Queue.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Scrape_SamplesOld_AreNotShown()
    {
        var center = new SampledCenter(machines: 3);
        await center.RunAsync(3);
        center.Scrape().Keys.Count(key => key.Entity == center.Machines[0].Id).ShouldBe(SampleTruth.OfMachines.Count);

        center.VCenter.Faults.Decide = Down;
        await center.RunAsync(8);

        center.Scrape().Keys.ShouldNotContain(key => key.Entity == center.Machines[0].Id);
        center.Collector.Status.Level.ShouldBe(StatusLevel.Degraded);
        center.VCenter.Faults.Decide = null;
        await center.RunAsync(1);
        center.Scrape().Keys.Count(key => key.Entity == center.Machines[0].Id).ShouldBe(SampleTruth.OfMachines.Count);
        center.Collector.Status.Level.ShouldBe(StatusLevel.Ok);
    }

    [Fact]
    public async Task Run_RoundsAMinuteApart_HaveEverySampleToo()
    {
        var center = new SampledCenter(machines: 3, options: new PerformanceOptions { Interval = TimeSpan.FromMinutes(1) });
        var begin = Begin(center);
        for (var i = 0; i < 5; i++)
        {
            await center.RunAsync(1);
            center.Time.Advance(2 * RealTime.Interval);
        }

        center.ShouldHaveDelivered(center.Machines, SampleTruth.OfMachines, [.. SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - (3 * RealTime.Interval))]);
        center.Delivered.Values.First().Count.ShouldBe(13);
    }

    [Fact]
    public async Task Run_NewestFirst_IsTheSame()
    {
        var center = new SampledCenter(machines: 5, prepare: vcenter => vcenter.Performance.IsNewestFirst = true);
        var begin = Begin(center);
        await center.RunAsync(5);
        center.VCenter.Faults.Decide = Down;
        await center.RunAsync(20);
        center.VCenter.Faults.Decide = null;
        await center.RunAsync(3);

        center.ShouldHaveDelivered(center.Machines, SampleTruth.OfMachines, [.. SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - RealTime.Interval)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_ServerHasNoValues_AreGapsAndNeverZero(bool isOmitted)
    {
        var center = new SampledCenter(machines: 2);
        var begin = Begin(center);
        await center.RunAsync(5);
        var from = center.VCenter.Clock.Now;
        center.VCenter.Performance.Gap(center.Machines[0], from, from + (4 * RealTime.Interval), isOmitted);
        await center.RunAsync(2);
        center.Scrape().Keys.Count(key => key.Entity == center.Machines[0].Id && key.Metric == "observe_vcenter_vm_cpu_demand_hertz").ShouldBe(isOmitted ? 1 : 0, "what is not known is absent");
        await center.RunAsync(8);

        var stamps = SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - RealTime.Interval).ToList();
        center.ShouldHaveDelivered([center.Machines[1]], SampleTruth.OfMachines, stamps);
        var left = stamps.Where(at => at < from || at > from + (4 * RealTime.Interval)).ToList();
        left.Count.ShouldBe(stamps.Count - 4);
        center.ShouldHaveDelivered([center.Machines[0]], SampleTruth.OfMachines, left);
        center.Collector.Totals.ServerGaps.ShouldBe(4);
        center.Collector.Totals.MissingValues.ShouldBe(isOmitted ? 0 : 4 * KnownCounters(center));
    }

    [Fact]
    public async Task Run_OutageLongerThanTheServerKeeps_TheRestIsACountedGap()
    {
        var center = new SampledCenter(machines: 2);
        var begin = Begin(center);
        await center.RunAsync(3);
        var last = SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - RealTime.Interval).Last();
        center.VCenter.Faults.Decide = Down;
        await center.RunAsync(240);
        center.VCenter.Faults.Decide = null;
        var back = center.VCenter.Clock.Now;
        await center.RunAsync(1);

        var kept = SampledCenter.StampsAfter(back - TimeSpan.FromHours(1), back).ToList();
        kept.Count.ShouldBe(180);
        var before = SampledCenter.StampsAfter(begin, last).ToList();
        center.ShouldHaveDelivered(center.Machines, SampleTruth.OfMachines, [.. before, .. kept]);
        var lost = (int)((kept[0] - last) / RealTime.Interval) - 1;
        lost.ShouldBe(61);
        center.Collector.Totals.RetentionGaps.ShouldBe(lost * (center.Machines.Count + center.Hosts.Count));
        center.Collector.Totals.ServerGaps.ShouldBe(0);
    }

    [Fact]
    public async Task Run_ServerAllowsLessThanItSays_IsAskedForLessAndEverySampleArrives()
    {
        var center = new SampledCenter(machines: 40, prepare: vcenter =>
        {
            // It says that there is no limit.
            vcenter.Performance.MaxQueryMetrics = -1;
            vcenter.Faults.Decide = null;
        }, connect: vcenter => new LimitedVim(vcenter.Connect(), most: 90));
        var begin = Begin(center);
        await center.RunAsync(15);

        center.ShouldHaveDelivered(center.Machines, SampleTruth.OfMachines, [.. SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - RealTime.Interval)]);
        center.Collector.BatchMetrics.ShouldBeInRange(45, 90);
        center.Collector.Totals.Errors(FailureKind.Refused).ShouldBeInRange(1, 60, "not again and again: it is remembered");
        var errors = center.Collector.Totals.Errors(FailureKind.Refused);
        await center.RunAsync(10);
        (center.Collector.Totals.Errors(FailureKind.Refused) - errors).ShouldBeLessThanOrEqualTo(2);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(1)]
    public async Task Run_FewerMetricsAllowedThanOneThingHas_ItsCountersAreAskedForInParts(int most)
    {
        var center = new SampledCenter(machines: 3, prepare: vcenter => vcenter.Performance.MaxQueryMetrics = most);
        var begin = Begin(center);
        await center.RunAsync(6);

        center.ShouldHaveDelivered(center.Machines, SampleTruth.OfMachines, [.. SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - RealTime.Interval)]);
        center.Collector.Totals.Errors(FailureKind.Refused).ShouldBe(0, "the server's setting is kept to");
    }

    [Theory]
    [InlineData(null, 256)]
    [InlineData(-1, 10_000)]
    [InlineData(64, 64)]
    public async Task Run_ServersSetting_IsKeptTo(int? setting, int expected)
    {
        var center = new SampledCenter(machines: 2, prepare: vcenter => vcenter.Performance.MaxQueryMetrics = setting);
        await center.RunAsync(1);
        center.Collector.BatchMetrics.ShouldBe(expected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_ThingThatAlwaysFails_IsLeftAloneAndAllOthersHaveEverySample(bool isFault)
    {
        var poison = "";
        var center = new SampledCenter(machines: 60, prepare: vcenter => vcenter.Performance.MaxQueryMetrics = -1,
            connect: vcenter => new LimitedVim(vcenter.Connect(), most: int.MaxValue, fails: entity => entity.Id == poison, isFault: isFault));
        poison = center.Machines[17].Id;
        var begin = Begin(center);
        await center.RunAsync(40);

        var stamps = SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - RealTime.Interval).ToList();
        center.ShouldHaveDelivered([.. center.Machines.Where(each => each.Id != poison)], SampleTruth.OfMachines, stamps);
        center.Delivered.Keys.ShouldNotContain(key => key.Entity == poison);
        var errors = center.Collector.Totals.Errors(isFault ? FailureKind.Entity : FailureKind.Unanswered);
        errors.ShouldBeInRange(5, 20, "some to find it, then fewer and fewer");
        center.Scrape()[("", "observe_vcenter_performance_isolated_entities", "fake")].ShouldBe(1);
        center.Collector.BatchMetrics.ShouldBeGreaterThan(1000, "it was not the size");

        poison = "";
        await center.RunAsync(20);
        center.ShouldHaveDelivered(center.Machines, SampleTruth.OfMachines, [.. SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - RealTime.Interval)]);
    }

    [Fact]
    public async Task Run_SessionsKilledAndConnectionsCut_EverySampleOnce()
    {
        var center = new SampledCenter(machines: 30);
        var begin = Begin(center);
        await center.RunAsync(1);
        center.VCenter.Faults.Often(FakeTrouble.CutBefore, 0.05);
        center.VCenter.Faults.Often(FakeTrouble.CutAfter, 0.05);
        center.VCenter.Faults.Often(FakeTrouble.CutMidAnswer, 0.05);
        center.VCenter.Faults.Often(FakeTrouble.KillSession, 0.05);
        await center.RunAsync(40);
        center.VCenter.Faults.Count.ShouldBeGreaterThan(30);
        center.VCenter.Faults.Clear();
        // What was left alone for a while comes back.
        await center.RunAsync(16);

        center.ShouldHaveDelivered(center.Machines, SampleTruth.OfMachines, [.. SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - RealTime.Interval)]);
    }

    [Fact]
    public async Task Run_AnotherServerAfterALogin_NumbersAreFoundAnew()
    {
        var first = new FakeVCenter(seed: 1).Performance.Id("cpu.ready.summation");
        new FakeVCenter(seed: 2).Performance.Id("cpu.ready.summation").ShouldNotBe(first, "the numbers differ, or this proves nothing");
        SwitchingVim? vim = null;
        var center = new SampledCenter(machines: 4, connect: vcenter => vim = new SwitchingVim(vcenter.Connect(), vcenter));
        await center.RunAsync(5);

        vim!.Upgrade();
        var begin = Begin(center);
        await center.RunAsync(5);

        var stamps = SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - RealTime.Interval).ToList();
        foreach (var truth in SampleTruth.OfMachines.Where(each => each.How != "sum"))
        {
            var delivered = center.Delivered[(center.Machines[2].Id, truth.Metric, truth.Labels)];
            delivered.TakeLast(stamps.Count).Select(each => each.Value).SequenceEqual(truth.Values(center.Machines[2], stamps)).ShouldBeTrue(truth.Metric);
        }
    }

    [Fact]
    public async Task Run_HostDisconnected_ItsMachinesAreGoneAndComeBackWithWhatItKept()
    {
        var center = new SampledCenter(machines: 4, hosts: 2);
        var begin = Begin(center);
        await center.RunAsync(5);
        var machine = center.Machines[0];
        Connection("disconnected");
        await center.RunAsync(10);
        center.Scrape().Keys.ShouldNotContain(key => key.Entity == machine.Id);
        Connection("connected");
        await center.RunAsync(3);

        center.ShouldHaveDelivered(center.Machines, SampleTruth.OfMachines, [.. SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - RealTime.Interval)]);

        void Connection(string state)
        {
            center.VCenter.Inventory.Set(machine, "runtime.connectionState", Values.Text(state));
            center.VCenter.Inventory.Set(center.Hosts[0], "runtime.connectionState", Values.Text(state));
        }
    }

    [Fact]
    public async Task Run_MachineLeavesTheInventoryAndComesBack_NoSampleTwice()
    {
        var center = new SampledCenter(machines: 2);
        await center.RunAsync(5);
        var machine = center.Machines[0];
        center.Inventory.Hidden.Add(machine);
        await center.RunAsync(2);
        center.Scrape().Keys.ShouldNotContain(key => key.Entity == machine.Id);
        center.Inventory.Hidden.Clear();
        await center.RunAsync(3);

        var times = center.Delivered[(machine.Id, "observe_vcenter_vm_cpu_demand_hertz", "")].Select(each => each.Time).ToList();
        times.ShouldBeUnique();
        times.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Run_MachineMoves_SeriesGoOnUnderItsNewPlace()
    {
        var center = new SampledCenter(machines: 2, hosts: 2);
        var begin = Begin(center);
        await center.RunAsync(5);
        center.VCenter.Inventory.MoveVm(center.Machines[0], center.Hosts[1]);
        await center.RunAsync(5);

        center.ShouldHaveDelivered(center.Machines, SampleTruth.OfMachines, [.. SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - RealTime.Interval)]);
    }

    [Fact]
    public async Task Run_ServersClockSetBack_SamplesGoOn()
    {
        var center = new SampledCenter(machines: 2);
        await center.RunAsync(5);
        center.VCenter.Clock.Skew(TimeSpan.FromSeconds(-300));
        await center.RunAsync(10);

        var times = center.Delivered[(center.Machines[0].Id, "observe_vcenter_vm_cpu_demand_hertz", "")].Select(each => each.Time).ToList();
        times.Count.ShouldBeInRange(14, 16);
        times.ShouldBeInOrder(SortDirection.Ascending);
        times.ShouldBeUnique();
    }

    [Fact]
    public async Task Run_InstancesWanted_EachVcpuAndCardUpToTheBound()
    {
        var center = new SampledCenter(machines: 2, options: new PerformanceOptions { Instances = true });
        await center.RunAsync(3);

        var keys = center.Delivered.Keys.Where(key => key.Entity == center.Machines[0].Id).ToList();
        keys.ShouldContain((center.Machines[0].Id, "observe_vcenter_vm_cpu_time_seconds_total", "ready,0"));
        keys.ShouldContain((center.Machines[0].Id, "observe_vcenter_vm_cpu_time_seconds_total", "ready,1"));
        keys.ShouldContain((center.Machines[0].Id, "observe_vcenter_vm_network_bytes_total", "received,4000"));
        keys.Count.ShouldBeGreaterThan(SampleTruth.OfMachines.Count + 16);
        foreach (var truth in SampleTruth.OfMachines)
            keys.ShouldContain((center.Machines[0].Id, truth.Metric, truth.Labels), "the totals all the same");

        var bounded = new SampledCenter(machines: 2, options: new PerformanceOptions { Instances = true, MaxInstances = 2 });
        await bounded.RunAsync(3);
        bounded.Losses.Counter("vcenter_instance_dropped").Value.ShouldBeGreaterThan(0);
    }

    private static int KnownCounters(SampledCenter center) => VirtualMachineCounters.All.Count(each => each.Series.Any(use => !use.IsDetail) && center.VCenter.Performance.Counters.Any(known => known.FullName == each.Name));
}
