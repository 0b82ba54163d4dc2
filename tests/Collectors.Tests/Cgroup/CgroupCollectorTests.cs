using Observe.Collectors.Cgroup;
using Observe.Collectors.Identity;
using Observe.Telemetry;

namespace Observe.Collectors.Tests.Cgroup;

/// <summary>The collector on trees of plain files, for what the kernel here cannot show: other layouts, other versions, rare moments.</summary>
public sealed class CgroupCollectorTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Short = "0123456789ab";
    private const string UnifiedStat = "usage_usec 900\nuser_usec 500\nsystem_usec 400\nnr_periods 40\nnr_throttled 7\nthrottled_usec 1500000\nnr_bursts 0\nburst_usec 0\n";
    private const string LegacyStat = "nr_periods 40\nnr_throttled 7\nthrottled_time 1500000123\n";

    [Fact]
    public void Collect_UnifiedCgroupWithQuota_GivesItsLimitsAndCounters()
    {
        using var tree = new TempTree().Unified().WithUnifiedCgroup("/a.service", "25000 50000\n", UnifiedStat).With("a.service/cpu.max.burst", "10000\n");
        using var bed = new Bed(tree);
        bed.Registry.Born(1UL, "/a.service", 777);

        var values = bed.Collect();

        values.Result.Succeeded.ShouldBeTrue();
        values["a.service", MetricCatalog.QuotaCores].ShouldBe(0.5);
        values["a.service", MetricCatalog.QuotaPeriod].ShouldBe(0.05);
        values["a.service", MetricCatalog.QuotaBurst].ShouldBe(0.01);
        values["a.service", MetricCatalog.CfsPeriods].ShouldBe(40);
        values["a.service", MetricCatalog.CfsThrottledPeriods].ShouldBe(7);
        values["a.service", MetricCatalog.CfsThrottledTime].ShouldBe(1.5);
        values.Series.ShouldAllBe(series => series.StartTimeUnixNano == 777);
    }

    [Fact]
    public void Collect_LegacyCgroupWithQuota_GivesItsLimitsAndCounters()
    {
        using var tree = new TempTree().Legacy().WithLegacyCgroup($"/docker/{Id}", "30000\n", LegacyStat);
        using var bed = new Bed(tree);
        bed.Registry.Born(CgroupKey.OfLegacyHierarchy(1), $"/docker/{Id}", 1);

        var values = bed.Collect();

        values[Short, MetricCatalog.QuotaCores].ShouldBe(0.3);
        values[Short, MetricCatalog.QuotaPeriod].ShouldBe(0.1);
        values[Short, MetricCatalog.QuotaBurst].ShouldBe(0);
        values[Short, MetricCatalog.CfsThrottledTime].ShouldBe(1.500000123);
        values[Short, MetricCatalog.Pressure, "cpu,some"].ShouldBeNull();
    }

    [Fact]
    public void Collect_HybridCgroup_TakesLimitsFromV1AndPressureFromV2()
    {
        Assert.SkipUnless(Bed.KernelHasPressure, "the kernel has PSI off, so the collector does not look for its files");
        using var tree = new TempTree().Hybrid().WithLegacyCgroup("/a.service", "30000\n", LegacyStat)
            .With("unified/a.service/cgroup.events", "populated 1\n").WithPressure("/a.service", 2_000_000, 4_000_000, 6_000_000, "unified");
        using var bed = new Bed(tree);
        bed.Registry.Born(1UL, "/a.service", 1);

        var values = bed.Collect();

        values["a.service", MetricCatalog.QuotaCores].ShouldBe(0.3);
        values["a.service", MetricCatalog.Pressure, "cpu,some"].ShouldBe(2);
        values["a.service", MetricCatalog.Pressure, "cpu,full"].ShouldBe(1);
        values["a.service", MetricCatalog.Pressure, "memory,some"].ShouldBe(4);
        values["a.service", MetricCatalog.Pressure, "io,full"].ShouldBe(3);
    }

    [Theory]
    [InlineData("max 100000\n")]
    [InlineData("garbage")]
    public void Collect_NoQuota_GivesNoLimitsAndDoesNotReadCounters(string max)
    {
        using var tree = new TempTree().Unified().WithUnifiedCgroup("/a.service", max, UnifiedStat);
        using var bed = new Bed(tree);
        bed.Registry.Born(1UL, "/a.service", 1);

        var values = bed.Collect();

        values.Result.Succeeded.ShouldBeTrue();
        values.Values.ShouldBeEmpty();
        // cgroup.events and cpu.max, nothing else.
        bed.Collector.OpenFiles.ShouldBe(2);
    }

    [Fact]
    public void Collect_CgroupWithoutTasks_IsNotReadUntilItHasSome()
    {
        using var tree = new TempTree().Unified().WithUnifiedCgroup("/a.service", "25000 50000\n", UnifiedStat).With("a.service/cgroup.events", "populated 0\n");
        using var bed = new Bed(tree);
        bed.Registry.Born(1UL, "/a.service", 1);

        bed.Collect().Values.ShouldBeEmpty();
        bed.Collector.OpenFiles.ShouldBe(1);
        tree.With("a.service/cgroup.events", "populated 1\n");
        bed.Collect()["a.service", MetricCatalog.QuotaCores].ShouldBe(0.5);
    }

    [Fact]
    public void Collect_LastTaskGone_LimitsEndAndCountersStay()
    {
        using var tree = new TempTree().Unified().WithUnifiedCgroup("/a.service", "25000 50000\n", UnifiedStat);
        using var bed = new Bed(tree);
        bed.Registry.Born(1UL, "/a.service", 1);
        bed.Collect();
        tree.With("a.service/cgroup.events", "populated 0\n");

        for (var i = 0; i < 8; i++)
            bed.Collect();

        bed.Collect()["a.service", MetricCatalog.QuotaCores].ShouldBeNull();
        bed.Collect()["a.service", MetricCatalog.CfsPeriods].ShouldBe(40);
    }

    [Fact]
    public void Collect_QuotaSetChangedAndLifted_ShowsWithinTwoCollections()
    {
        using var tree = new TempTree().Legacy().WithLegacyCgroup("/a.service", "-1\n", "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n");
        using var bed = new Bed(tree);
        bed.Registry.Born(1UL, "/a.service", 1);
        bed.Collect().Values.ShouldBeEmpty();

        tree.WithLegacyCgroup("/a.service", "50000\n", "nr_periods 5\nnr_throttled 0\nthrottled_time 0\n");
        bed.Collect()["a.service", MetricCatalog.QuotaCores].ShouldBe(0.5);
        // Both at once: never the new quota over the old period.
        tree.With("cpu,cpuacct/a.service/cpu.cfs_quota_us", "40000\n").With("cpu,cpuacct/a.service/cpu.cfs_period_us", "20000\n");
        bed.Collect()["a.service", MetricCatalog.QuotaCores].ShouldBe(2);
        // Only the slow ones.
        tree.With("cpu,cpuacct/a.service/cpu.cfs_period_us", "80000\n").With("cpu,cpuacct/a.service/cpu.cfs_burst_us", "3000\n");
        bed.Collect();
        var values = bed.Collect();
        values["a.service", MetricCatalog.QuotaCores].ShouldBe(0.5);
        values["a.service", MetricCatalog.QuotaPeriod].ShouldBe(0.08);
        values["a.service", MetricCatalog.QuotaBurst].ShouldBe(0.003);

        tree.WithLegacyCgroup("/a.service", "-1\n", "nr_periods 9\nnr_throttled 2\nthrottled_time 3000000000\n");
        values = bed.Collect();
        values["a.service", MetricCatalog.QuotaCores].ShouldBeNull();
        values["a.service", MetricCatalog.CfsPeriods].ShouldBe(9);
        values["a.service", MetricCatalog.CfsThrottledTime].ShouldBe(3);
    }

    [Fact]
    public void Collect_ControllerEnabledLater_ShowsWithinTwoCollections()
    {
        using var tree = new TempTree().Unified().With("a.service/cgroup.events", "populated 1\n");
        using var bed = new Bed(tree);
        bed.Registry.Born(1UL, "/a.service", 1);
        bed.Collect().Values.ShouldBeEmpty();

        tree.WithUnifiedCgroup("/a.service", "25000 50000\n", UnifiedStat);
        bed.Collect();

        bed.Collect()["a.service", MetricCatalog.QuotaCores].ShouldBe(0.5);
    }

    [Fact]
    public void Collect_SeveralCgroupsOfOneContainer_GivesTheTopmostsQuotaAndTheSumOfCounters()
    {
        using var tree = new TempTree().Unified().WithUnifiedCgroup($"/docker/{Id}", "100000 100000\n", UnifiedStat)
            .WithUnifiedCgroup($"/docker/{Id}/system.slice/a.service", "20000 100000\n", "nr_periods 2\nnr_throttled 1\nthrottled_usec 250000\n")
            .WithPressure($"/docker/{Id}", 2_000_000, 0, 0).WithPressure($"/docker/{Id}/system.slice/a.service", 1_500_000, 0, 0);
        using var bed = new Bed(tree);
        bed.Registry.Born(2UL, $"/docker/{Id}/system.slice/a.service", 2);
        bed.Registry.Born(1UL, $"/docker/{Id}", 1);

        var values = bed.Collect();

        values[Short, MetricCatalog.QuotaCores].ShouldBe(1);
        values[Short, MetricCatalog.CfsPeriods].ShouldBe(42);
        values[Short, MetricCatalog.CfsThrottledPeriods].ShouldBe(8);
        values[Short, MetricCatalog.CfsThrottledTime].ShouldBe(1.75);
        if (Bed.KernelHasPressure)
            values[Short, MetricCatalog.Pressure, "cpu,some"].ShouldBe(2, "a cgroup's pressure includes its children's");

        bed.Registry.Retire(2UL);
        bed.Collect()[Short, MetricCatalog.CfsPeriods].ShouldBe(42, "a counter must not go back when a part of what it counts ends");
    }

    [Fact]
    public void Collect_ContainerRestartedBetweenCollections_GoesOnCounting()
    {
        using var tree = new TempTree().Unified().WithUnifiedCgroup($"/docker/{Id}", "100000 100000\n", UnifiedStat).WithPressure($"/docker/{Id}", 2_000_000, 0, 0);
        using var bed = new Bed(tree);
        bed.Registry.Born(1UL, $"/docker/{Id}", 1);
        bed.Collect();

        // The new cgroup is there before the old one has had its last collection: one workload, two lives of its cgroup.
        Directory.Delete($"{tree.Root}/docker", recursive: true);
        tree.WithUnifiedCgroup($"/docker/{Id}", "100000 100000\n", "nr_periods 1\nnr_throttled 0\nthrottled_usec 0\n").WithPressure($"/docker/{Id}", 500_000, 0, 0);
        bed.Registry.Born(2UL, $"/docker/{Id}", 2);
        bed.Registry.Retire(1UL);

        var values = bed.Collect();
        values[Short, MetricCatalog.CfsPeriods].ShouldBe(41);
        if (Bed.KernelHasPressure)
            values[Short, MetricCatalog.Pressure, "cpu,some"].ShouldBe(2.5);
    }

    [Fact]
    public void Collect_RetiredCgroup_LosesItsSeriesAndItsFiles()
    {
        using var tree = new TempTree().Unified().WithUnifiedCgroup("/a.service", "25000 50000\n", UnifiedStat);
        using var bed = new Bed(tree);
        bed.Registry.Born(1UL, "/a.service", 1);
        bed.Collect();
        var first = bed.Collected.Series[0];

        bed.Registry.Retire(1UL);
        bed.Collect().Values.ShouldBeEmpty();
        bed.Collector.OpenFiles.ShouldBe(0);

        bed.Registry.Born(1UL, "/a.service", 5);
        bed.Collect().Series[0].ShouldNotBeSameAs(first);
        bed.Collected.Series[0].StartTimeUnixNano.ShouldBe(5UL);
    }

    [Fact]
    public void Collect_FoldedWorkloads_AreNotRead()
    {
        using var tree = new TempTree().Unified().WithUnifiedCgroup("/a.service", "25000 50000\n", UnifiedStat).WithUnifiedCgroup("/b.service", "25000 50000\n", UnifiedStat);
        using var bed = new Bed(tree, new WorkloadRegistry(capacity: 1));
        bed.Registry.Born(1UL, "/a.service", 1);
        bed.Registry.Born(2UL, "/b.service", 1);

        bed.Collect().Values.Keys.Select(key => key.Workload).Distinct().ShouldBe(["a.service"]);
    }

    [Fact]
    public void Collect_MoreFilesThanDescriptors_ReadsThemAllAndCounts()
    {
        using var tree = new TempTree().Unified();
        using var bed = new Bed(tree, maxOpenFiles: 10);
        for (ulong i = 1; i <= 8; i++)
        {
            tree.WithUnifiedCgroup($"/{i}.service", $"{i * 10000} 100000\n", UnifiedStat);
            bed.Registry.Born(i, $"/{i}.service", 1);
        }

        var values = bed.Collect();

        for (var i = 1; i <= 8; i++)
            values[$"{i}.service", MetricCatalog.QuotaCores].ShouldBe(i / 10.0);
        bed.Collector.OpenFiles.ShouldBe(10);
        bed.Collector.TransientOpens.ShouldBe(22);
        bed.Collector.Status.Single(status => status.Component == "cgroup files").Level.ShouldBe(StatusLevel.Degraded);
        for (ulong i = 1; i <= 4; i++)
            bed.Registry.Retire(i);
        bed.Collect();
        bed.Collect();
        bed.Collector.OpenFiles.ShouldBe(10, "descriptors that came free are used");
    }

    [Fact]
    public void Collect_UnreadableFile_IsOneReasonForAll()
    {
        using var tree = new TempTree().Unified();
        using var bed = new Bed(tree);
        for (ulong i = 1; i <= 3; i++)
        {
            tree.WithUnifiedCgroup($"/{i}.service", "25000 50000\n", UnifiedStat);
            // Exists and cannot be opened, even by root: a device node without a driver.
            File.Delete($"{tree.Root}/{i}.service/cpu.stat");
            MakeNodeWithoutDriver($"{tree.Root}/{i}.service/cpu.stat");
            bed.Registry.Born(i, $"/{i}.service", 1);
        }

        var values = bed.Collect();

        values.Result.Succeeded.ShouldBeFalse();
        values.Result.Reason.ShouldNotBeNull().ShouldStartWith("3 cgroup files could not be read, the first: ");
        values.Result.Reason.ShouldContain("cpu.stat");
        values["1.service", MetricCatalog.QuotaCores].ShouldBe(0.5, "the rest goes on");
    }

    [Fact]
    public void Collect_NoHierarchy_FailsWithCauseAndRemedy()
    {
        using var tree = new TempTree();
        using var bed = new Bed(tree);
        bed.Registry.Born(1UL, "/a.service", 1);

        var result = bed.Collect().Result;

        // A set-up that is wrong, not a source that a host may do without: every Linux has cgroups.
        result.Succeeded.ShouldBeFalse();
        result.Reason.ShouldNotBeNull().ShouldStartWith($"no cgroup hierarchy is mounted at {tree.Root}: no quotas, no throttling counts, no pressure; mount it");
    }

    [Fact]
    public void Collect_PressureOverBudget_ComesRoundToAllWorkloads()
    {
        Assert.SkipUnless(Bed.KernelHasPressure, "the kernel has PSI off, so the collector does not look for its files");
        using var tree = new TempTree().Unified();
        // Each look at this clock takes a second: the budget is used up at once, and the least number of readings is made.
        using var bed = new Bed(tree, time: new SlowClock());
        for (ulong i = 1; i <= 80; i++)
        {
            tree.With($"{i}.service/cgroup.events", "populated 1\n").WithPressure($"/{i}.service", i * 1_000_000, 0, 0);
            bed.Registry.Born(i, $"/{i}.service", 1);
        }

        Enumerable.Range(0, 3).Select(_ => bed.Collect().Values.Keys.Select(key => key.Workload).Distinct().Count()).ShouldBe([32, 64, 80]);
        bed.Collector.PressureReadings.ShouldBe(32);
        for (var i = 1; i <= 80; i++)
            bed.Collected[$"{i}.service", MetricCatalog.Pressure, "cpu,some"].ShouldBe(i);
    }

    private static void MakeNodeWithoutDriver(string path)
    {
        using var process = System.Diagnostics.Process.Start("mknod", [path, "c", "511", "255"]);
        process.WaitForExit();
        Assert.SkipUnless(process.ExitCode == 0, "cannot make a device node: not root");
    }

    private sealed class SlowClock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => ++now;
    }

    private sealed class Bed(TempTree tree, WorkloadRegistry? registry = null, int maxOpenFiles = 1000, TimeProvider? time = null) : IDisposable
    {
        internal static bool KernelHasPressure { get; } = CgroupLayout.Detect().HasPressure;

        internal WorkloadRegistry Registry { get; } = registry ?? new WorkloadRegistry();

        internal Collection Collected { get; } = new();

        internal CgroupCollector Collector => field ??= new CgroupCollector(Registry, CgroupLayout.Detect(tree.Root), time ?? TimeProvider.System, maxOpenFiles);

        internal Collection Collect() => Collected.Run(Collector);

        public void Dispose() => Collector.Dispose();
    }
}
