using Observe.Collectors.Cgroup;
using Observe.Collectors.Identity;
using Observe.Collectors.Kvm;
using Observe.Collectors.Tests.Kvm.Stats;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.Kvm;

/// <summary>The series that are made of KVM's statistics and procfs. That both tell the truth is KvmTests' and KvmStatsTruthTests' to show.</summary>
public sealed class KvmStatsCollectorTests : IDisposable
{
    private const string Group = "/machine.slice/machine-qemu\\x2d1\\x2dweb.scope";

    private readonly MadeHost host = new MadeHost()
        .With("cgroup/cgroup.controllers", "cpu\n").With($"cgroup{Group}/cgroup.procs", "100\n")
        .With("proc/uptime", "1000.00 1.00\n")
        .WithProcess(100, "qemu-system-x86", "anon_inode:kvm-vm")
        .With("proc/100/cmdline", "qemu-system-x86_64\0-name\0guest=web\0")
        .With("proc/100/cgroup", $"0::{Group}\n")
        .With("proc/100/stat", Stat(100, "qemu-system-x86", 900, 300, 500, 700))
        .WithVcpu(101, "CPU 0/KVM", Stat(101, "CPU 0/KVM", 400, 100, 501, 350), "4 250000000 7\n")
        .WithVcpu(102, "CPU 1/KVM", Stat(102, "CPU 1/KVM", 351, 100, 502, 350), "4 500000000 7\n")
        .WithVcpu(103, "worker", Stat(103, "worker", 1, 1, 502, 0), "4 9000000000 7\n")
        .WithVm(100, 0, ("exits", 1000), ("halt_exits", 10), ("io_exits", 200), ("signal_exits", 3), ("halt_poll_success_ns", 500_000_000), ("halt_poll_fail_ns", 0));

    [Fact]
    public async Task Collect_OneMachine_HasWhatIsKnownAndNothingElse()
    {
        using var collector = Make(new WorkloadRegistry());
        using var lease = await CollectAsync(collector);

        Of(lease, MetricCatalog.VmInfo).ShouldHaveSingleItem().ShouldBe(("web,,qemu,100", 1));
        Of(lease, MetricCatalog.KvmExits).ShouldBe([("web,hlt", 10), ("web,io", 200), ("web,other", 790)], ignoreOrder: true);
        // By vCPU debugfs knows no polling: then the kernel's time of a vCPU cannot be divided.
        Of(lease, MetricCatalog.VcpuTime).ShouldBe(
            [("web,0,guest", 3.5), ("web,0,userspace", 0.5), ("web,0,waiting", 0.25), ("web,1,guest", 3.5), ("web,1,userspace", 0.01), ("web,1,waiting", 0.5)], ignoreOrder: true);
        // 2 s in the kernel, 0.5 of them polling; 12 s of CPU in all.
        Of(lease, MetricCatalog.VmOverhead).ShouldBe([("web,useful", 7), ("web,trap", 1.5), ("web,schedule", 0.75), ("web,isolation", 3.5)], ignoreOrder: true);
        Of(lease, MetricCatalog.KvmExitHandling).ShouldBeEmpty();
    }

    [Fact]
    public async Task Collect_WithoutALedger_NamesTheWorkloadAndForgetsItWithTheMachine()
    {
        var registry = new WorkloadRegistry();
        using var collector = Make(registry);
        using (var lease = await CollectAsync(collector))
            lease.Snapshot.Families.Single(family => family.Metric == MetricCatalog.VmInfo).Points[0].Series.Resource.Attributes.ShouldContain(each => each.Value == "web");
        registry.Count.ShouldBe(1);

        host.RemoveVm(100, 0);
        host.RemoveProcess(100);
        using var later = await CollectAsync(collector);
        Of(later, MetricCatalog.VmInfo).ShouldBeEmpty();
        registry.Count.ShouldBe(0);
        collector.Status.ShouldHaveSingleItem().Level.ShouldBe(StatusLevel.Absent);
    }

    [Fact]
    public async Task Collect_ValuesThatGoBack_DoNot()
    {
        using var collector = Make(new WorkloadRegistry());
        using (await CollectAsync(collector))
            host.With("proc/100/task/101/stat", Stat(101, "CPU 0/KVM", 390, 100, 501, 345));
        using var later = await CollectAsync(collector);

        Of(later, MetricCatalog.VcpuTime).ShouldContain(("web,0,guest", 3.5));
        Of(later, MetricCatalog.VcpuTime).ShouldContain(("web,0,userspace", 0.5));
    }

    public void Dispose() => host.Dispose();

    private static string Stat(int pid, string name, int user, int system, int start, int guest) =>
        $"{pid} ({name}) S 0 1 1 0 -1 4194560 1 2 3 4 {user} {system} 7 8 20 0 1 0 {start}{string.Concat(Enumerable.Repeat(" 9", 20))} {guest} 0 1\n";

    private static List<(string Labels, double Value)> Of(MetricSnapshot.Lease lease, MetricDescriptor metric) =>
        [.. from family in lease.Snapshot.Families where family.Metric == metric
            from point in family.Points.ToArray()
            select (string.Join(',', point.Series.Labels.Select(label => label.Value)), Math.Round(point.Value, 9))];

    private static async Task<MetricSnapshot.Lease> CollectAsync(KvmStatsCollector collector)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        await collector.CollectAsync(builder, CancellationToken.None);
        return builder.Build(1);
    }

    private KvmStatsCollector Make(WorkloadRegistry registry) => new(registry, CgroupLayout.Detect(host.Cgroups), null, host.Proc, host.Sys, TimeProvider.System);
}
