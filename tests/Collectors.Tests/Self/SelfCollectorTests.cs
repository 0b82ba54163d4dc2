using Observe.Collectors.Self;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.Self;

public class SelfCollectorTests
{
    [Fact]
    public async Task CollectAsync_Values_MatchProcStat()
    {
        var losses = new LossCounters();
        losses.Counter("scrape_refused").Add(3);
        var host = HostResource.Create("1.2.3", "6.1.0-test");
        var collector = new SelfCollector(host, losses, "1.2.3", "6.1.0-test", "1.1");
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());

        (await collector.CollectAsync(builder, TestContext.Current.CancellationToken)).ShouldBe(CollectResult.Ok);
        using var lease = builder.Build(1);

        // Independent truth: the kernel's own files. Fields after the command name: utime 12th, stime 13th, starttime 20th, in 1/100 s.
        var stat = File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var cpu = (double.Parse(stat[11]) + double.Parse(stat[12])) / 100;
        Value(lease, MetricCatalog.ProcessCpu).ShouldBe(cpu, 0.5);
        var resident = double.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
        Value(lease, MetricCatalog.ProcessResidentMemory).ShouldBe(resident, 16 << 20);
        var booted = double.Parse(File.ReadLines("/proc/stat").Single(each => each.StartsWith("btime ", StringComparison.Ordinal))[6..]);
        Value(lease, MetricCatalog.ProcessStartTime).ShouldBe(booted + (double.Parse(stat[19]) / 100), 2);
        Value(lease, MetricCatalog.ProcessOpenFds).ShouldBe(Directory.GetFiles("/proc/self/fd").Length, 30);
        Value(lease, MetricCatalog.Lost).ShouldBe(3);
        Value(lease, MetricCatalog.BuildInfo).ShouldBe(1);
        Family(lease, MetricCatalog.BuildInfo).Points[0].Series.Labels.Select(each => each.Value).ShouldBe(["1.2.3", "6.1.0-test", "1.1"]);
        host.Attributes.ShouldContain(new KeyValuePair<string, string>("host.name", Environment.MachineName));
    }

    private static MetricFamily Family(MetricSnapshot.Lease lease, MetricDescriptor metric) => lease.Snapshot.Families.Single(each => each.Metric == metric);

    private static double Value(MetricSnapshot.Lease lease, MetricDescriptor metric) => Family(lease, metric).Points[0].Value;
}
