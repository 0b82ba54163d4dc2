using System.Globalization;
using Observe.Collectors.Cgroup;
using Observe.Collectors.Identity;
using Observe.Telemetry;

namespace Observe.Collectors.Tests.Cgroup;

/// <summary>The collector on cgroups of the kernel it runs on, against what the kernel says by other ways.</summary>
public sealed class CgroupCollectorKernelTests
{
    [Fact]
    public async Task Collect_ThrottledSpinner_AgreesWithTheKernelsFiles()
    {
        var layout = RealCgroup.RequireLayout();
        using var cgroup = new RealCgroup(layout, "/observe-test-spin.service");
        cgroup.SetQuota(layout, 4_000);
        cgroup.Spin();
        var registry = new WorkloadRegistry();
        registry.Born(1UL, cgroup.Path, 1);
        using var collector = new CgroupCollector(registry, layout, TimeProvider.System);
        var collection = new Collection();
        collection.Run(collector);
        var start = System.Diagnostics.Stopwatch.StartNew();
        var periodsAtStart = cgroup.Stat("nr_periods");

        await Task.Delay(3000, TestContext.Current.CancellationToken);
        var (periodsBefore, throttledBefore, timeBefore) = (cgroup.Stat("nr_periods"), cgroup.Stat("nr_throttled"), cgroup.ThrottledSeconds(layout));
        var values = collection.Run(collector);
        var (periodsAfter, throttledAfter, timeAfter) = (cgroup.Stat("nr_periods"), cgroup.Stat("nr_throttled"), cgroup.ThrottledSeconds(layout));

        values.Result.ShouldBe(CollectResult.Ok);
        const string name = "observe-test-spin.service";
        values[name, MetricCatalog.QuotaCores].ShouldBe(0.04);
        values[name, MetricCatalog.QuotaPeriod].ShouldBe(0.1);
        values[name, MetricCatalog.CfsPeriods]!.Value.ShouldBeInRange(periodsBefore, periodsAfter);
        values[name, MetricCatalog.CfsThrottledPeriods]!.Value.ShouldBeInRange(throttledBefore, throttledAfter);
        values[name, MetricCatalog.CfsThrottledTime]!.Value.ShouldBeInRange(timeBefore, timeAfter);
        // And the kernel agrees with arithmetic: ten periods a second, in each of which a spinner with 4 ms runs out even on a busy machine.
        var expected = start.Elapsed.TotalSeconds * 10;
        (values[name, MetricCatalog.CfsPeriods]!.Value - periodsAtStart).ShouldBeInRange(expected * 0.7, (expected * 1.1) + 3);
        values[name, MetricCatalog.CfsThrottledTime]!.Value.ShouldBeGreaterThan(0.5);
    }

    [Fact]
    public void Collect_QuotaChangedInTheKernel_ShowsWithinTwoCollections()
    {
        var layout = RealCgroup.RequireLayout();
        using var cgroup = new RealCgroup(layout, "/observe-test-change.service");
        cgroup.Start("exec sleep 30");
        var registry = new WorkloadRegistry();
        registry.Born(1UL, cgroup.Path, 1);
        using var collector = new CgroupCollector(registry, layout, TimeProvider.System);
        var collection = new Collection();
        WaitForTasks(cgroup);
        collection.Run(collector)["observe-test-change.service", MetricCatalog.QuotaCores].ShouldBeNull();

        foreach (var (quota, period, cores) in new (int?, int, double?)[] { (50_000, 100_000, 0.5), (150_000, 100_000, 1.5), (10_000, 20_000, 0.5), (10_000, 40_000, 0.25), (null, 40_000, null) })
        {
            cgroup.SetQuota(layout, quota, period);
            collection.Run(collector);
            collection.Run(collector)["observe-test-change.service", MetricCatalog.QuotaCores].ShouldBe(cores);
        }
    }

    [Fact]
    public async Task Collect_CompetingForOneCpu_PressureAgreesWithTheKernelsFile()
    {
        var layout = RealCgroup.RequireLayout();
        Assert.SkipUnless(layout.HasPressure, "the kernel has PSI off (boot with psi=1) or there is no v2 tree");
        using var cgroup = new RealCgroup(layout, "/observe-test-psi.service");
        cgroup.Start("exec timeout 60 sh -c 'taskset -p -c 0 $$ >/dev/null; (while :; do :; done) & while :; do :; done'");
        var registry = new WorkloadRegistry();
        registry.Born(1UL, cgroup.Path, 1);
        using var collector = new CgroupCollector(registry, layout, TimeProvider.System);
        var collection = new Collection();
        await Task.Delay(2500, TestContext.Current.CancellationToken);

        var before = Pressure(cgroup);
        var values = collection.Run(collector);
        var after = Pressure(cgroup);

        values["observe-test-psi.service", MetricCatalog.Pressure, "cpu,some"]!.Value.ShouldBeInRange(before, after);
        before.ShouldBeGreaterThan(0.5, "two spinners on one CPU: one of them waits all the time");
        values["observe-test-psi.service", MetricCatalog.Pressure, "memory,full"].ShouldNotBeNull();
        values["observe-test-psi.service", MetricCatalog.Pressure, "io,some"].ShouldNotBeNull();
    }

    [Fact]
    public void Collect_CgroupRemovedUnderneath_IsNoErrorAndKeepsItsLastValues()
    {
        var layout = RealCgroup.RequireLayout();
        using var cgroup = new RealCgroup(layout, "/observe-test-gone.service");
        cgroup.SetQuota(layout, 30_000);
        cgroup.Start("exec sleep 30");
        var registry = new WorkloadRegistry();
        registry.Born(1UL, cgroup.Path, 1);
        using var collector = new CgroupCollector(registry, layout, TimeProvider.System);
        var collection = new Collection();
        WaitForTasks(cgroup);
        collection.Run(collector)["observe-test-gone.service", MetricCatalog.QuotaCores].ShouldBe(0.3);
        var open = collector.OpenFiles;
        open.ShouldBeGreaterThan(0);

        cgroup.Remove();
        var values = collection.Run(collector);

        values.Result.ShouldBe(CollectResult.Ok);
        values["observe-test-gone.service", MetricCatalog.CfsPeriods].ShouldNotBeNull();
        collector.OpenFiles.ShouldBe(0, "a removed cgroup stays in memory while its files are open");
        for (var i = 0; i < 10; i++)
            collection.Run(collector).Result.ShouldBe(CollectResult.Ok);
        registry.Retire(1UL);
        collection.Run(collector).Values.ShouldBeEmpty();
    }

    [Fact]
    public void Collect_EmptyCgroup_OpensOnlyWhatTellsThatItIsEmpty()
    {
        var layout = RealCgroup.RequireLayout();
        Assert.SkipUnless(layout.UnifiedDirectoryOf("/") is not null, "without a v2 tree it cannot be told cheaply whether a cgroup has tasks");
        using var cgroup = new RealCgroup(layout, "/observe-test-empty.service");
        cgroup.SetQuota(layout, 30_000);
        var registry = new WorkloadRegistry();
        registry.Born(1UL, cgroup.Path, 1);
        using var collector = new CgroupCollector(registry, layout, TimeProvider.System);

        new Collection().Run(collector).Values.ShouldBeEmpty();

        collector.OpenFiles.ShouldBe(1);
    }

    private static void WaitForTasks(RealCgroup cgroup)
    {
        for (var i = 0; i < 250 && File.ReadAllText($"{cgroup.Unified ?? cgroup.Cpu}/cgroup.procs").Length == 0; i++)
            Thread.Sleep(20);
    }

    private static double Pressure(RealCgroup cgroup) =>
        double.Parse(File.ReadAllLines($"{cgroup.Unified}/cpu.pressure").Single(line => line.StartsWith("some ", StringComparison.Ordinal)).Split("total=")[1], CultureInfo.InvariantCulture) / 1e6;
}
