using Observe.Collectors.Identity;
using Observe.Collectors.Kvm;
using Observe.Collectors.Kvm.Exits;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Kvm.Exits;

/// <summary>An exit's span is exported on the series of its machine and reason.</summary>
public sealed class VmAccountExemplarTests
{
    private const ulong Now = 1_700_000_000_000_000_000;

    [Fact]
    public void Export_ExitWithASpan_StandsOnItsReason()
    {
        var workload = new WorkloadRegistry().Born(1, "/system.slice/vm.service", 1);
        var store = new ExemplarStore(new LossCounters());
        // No such process: it has used no CPU time.
        var vm = new VmAccount(workload, new VmProcess(1, "guest", null, "qemu"), "guest", new VmmCpu("/proc/0"), 1);
        const uint cpuid = 10, hlt = 12;
        vm.Reason(ExitReasons.Vmx, cpuid);
        vm.Reason(ExitReasons.Vmx, hlt);
        store.Open(101, vm.Exemplars);

        var exit = new Stall(
            StallKind.Exit, workload, UtcInterval.Around((long)Now - 2_000_000, 0), UtcInterval.Around((long)Now, 0), new StalledThread(100, 101, "CPU 0/KVM"), 0, [],
            [new(StallAttributes.ExitReason, "hlt")])
        { Nanoseconds = 2_000_000 };
        store.Offer(exit, 1, 2).ShouldBeTrue();

        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        vm.Export(builder);
        using var lease = builder.Build(Now);
        var found = new Dictionary<string, Exemplar[]>();
        foreach (ref readonly var point in lease.Snapshot.Families.Single(family => family.Metric == MetricCatalog.KvmExitHandling).Points)
            found[point.Series.Labels.Single(label => label.Name == "reason").Value] = [.. lease.Snapshot.ExemplarsOf(point)];
        found["cpuid"].ShouldBeEmpty();
        found["hlt"].ShouldBe([new Exemplar(0.002, Now, 1, 2)]);
    }
}
