using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Cgroup;
using Observe.Collectors.Identity;
using Observe.Collectors.Kvm;
using Observe.Collectors.Sched;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Collectors.Tests.Kvm.Stats;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.Kvm;

/// <summary>What is decided before anything is loaded. What is hooked, and counts right, is the matter of tests with real guests.</summary>
public sealed class KvmCollectorTests : IDisposable
{
    private readonly MadeHost host = new();

    [Theory]
    [InlineData("sys/module/kvm_amd/initstate")]
    [InlineData("sys/module/kvm_intel/initstate")]
    public async Task Collect_KvmButNoLedger_FailsAndHoldsNobodyUp(string module)
    {
        host.With(module, "live\n");
        using var collector = Make();

        (await CollectAsync(collector)).Succeeded.ShouldBeFalse();
        collector.IsWaitingToAttach.ShouldBeFalse("nothing will ever be attached: privileges need not be kept for it");
        var row = collector.Status.ShouldHaveSingleItem();
        (row.Component, row.Level).ShouldBe(("kvm exits", StatusLevel.Degraded));
        row.Remedy!.ShouldContain("collectors.kvm.tier=stats");
    }

    [Fact]
    public void IsWaitingToAttach_KvmAndALedgerThatDoesNotRunYet_IsSo()
    {
        host.With("sys/module/kvm_amd/initstate", "live\n");
        using var sched = new SchedCollector(
            new SchedOptions(), "ledger.bpf.o", CgroupMode.Unified, new WorkloadRegistry(), new ExemplarStore(new LossCounters()), new Resource([], []), TimeProvider.System, NullLogger<SchedCollector>.Instance);
        using var collector = Make(sched);

        collector.IsWaitingToAttach.ShouldBeTrue("the ledger is tried again, and exits are hooked with it");
    }

    [Fact]
    public async Task Collect_NoKvm_IsIdle()
    {
        using var collector = Make();

        (await CollectAsync(collector)).ShouldBe(CollectResult.NoData("KVM is not loaded: no virtual machines here"));
        collector.IsWaitingToAttach.ShouldBeFalse();
        collector.Status.ShouldHaveSingleItem().Level.ShouldBe(StatusLevel.Absent);
    }

    public void Dispose() => host.Dispose();

    private KvmCollector Make(SchedCollector? sched = null) => new(
        new KvmOptions(), "kvm.bpf.o", sched, new WorkloadRegistry(), new ExemplarStore(new LossCounters()), new Resource([], []), host.Proc, host.Sys, TimeProvider.System, NullLogger<KvmCollector>.Instance);

    private static async Task<CollectResult> CollectAsync(KvmCollector collector)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        return await collector.CollectAsync(builder, TestContext.Current.CancellationToken);
    }
}
