using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Cgroup;
using Observe.Collectors.Identity;
using Observe.Collectors.Sched;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Sched;

/// <summary>The running ledger's histograms carry the exemplars of their workload for as long as it lives.</summary>
public sealed class SchedExemplarTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly LossCounters losses = new();
    private readonly WorkloadRegistry registry = new();
    private readonly SnapshotBuilder builder = new(MetricCatalog.All, new SnapshotPool());
    private readonly ExemplarStore store;
    private readonly SchedCollector collector;

    public SchedExemplarTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: the ledger is loaded");
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "needs a kernel with BTF (CONFIG_DEBUG_INFO_BTF)");
        store = new ExemplarStore(losses);
        collector = new SchedCollector(
            new SchedOptions(), BuiltObject.Path("ledger"), CgroupLayout.Detect().Mode, registry, store, new Resource([], []), TimeProvider.System, NullLogger<SchedCollector>.Instance);
        collector.Start().ShouldBeTrue();
    }

    public void Dispose() => collector?.Dispose();

    [Fact]
    public async Task Offer_WorkloadThatLivesAndDies_StandsOnItsHistogramAndIsDroppedAfterwards()
    {
        var directory = CgroupDirectory();
        Directory.CreateDirectory(directory);
        Workload workload;
        try
        {
            using var process = Process.Start("sleep", "60");
            await File.WriteAllTextAsync($"{directory}/cgroup.procs", $"{process.Id}", TestContext.Current.CancellationToken);
            // A thread gets its cgroup's account when it is switched to: let it wake up.
            Signal(process, "STOP");
            Signal(process, "CONT");
            try
            {
                workload = await UntilAsync("the ledger knows the cgroup", () => registry.Live.FirstOrDefault(each => each.Path.EndsWith(Path.GetFileName(directory), StringComparison.Ordinal))?.Workload);
                store.Offer(StallOf(StallKind.Wait, workload, 33_000_000), 5, 6).ShouldBeTrue();

                var waits = ExemplarsOf(MetricCatalog.RunqueueWait, workload).ShouldHaveSingleItem();
                (waits.Value, waits.TraceId, waits.SpanId).ShouldBe((0.033, (UInt128)5, 6UL));
                ExemplarsOf(MetricCatalog.RunqueueWait, WorkloadRegistry.Kernel).ShouldBeEmpty("nobody offered it any");
            }
            finally
            {
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            await RemoveAsync(directory);
        }
        losses.Counter("exemplar_dropped").Value.ShouldBe(0);
        await UntilAsync("its exemplars are refused", () => store.Offer(StallOf(StallKind.Wait, workload, 33_000_000), 5, 6) ? null : workload);
        losses.Counter("exemplar_dropped").Value.ShouldBe(1);
    }

    [Fact]
    public void Offer_LedgerIsGone_IsDropped()
    {
        store.Offer(StallOf(StallKind.Wait, WorkloadRegistry.Kernel, 33_000_000), 5, 6).ShouldBeTrue();
        ExemplarsOf(MetricCatalog.RunqueueWait, WorkloadRegistry.Kernel).ShouldHaveSingleItem().SpanId.ShouldBe(6UL);
        collector.Dispose();
        store.Offer(StallOf(StallKind.Wait, WorkloadRegistry.Kernel, 33_000_000), 5, 6).ShouldBeFalse();
        losses.Counter("exemplar_dropped").Value.ShouldBe(1);
    }

    private static string CgroupDirectory()
    {
        var unified = Directory.Exists("/sys/fs/cgroup/unified") ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup";
        Assert.SkipUnless(File.Exists($"{unified}/cgroup.controllers"), "needs a cgroup v2 hierarchy");
        return $"{unified}/observe-exemplars-{Environment.ProcessId}";
    }

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private static async Task RemoveAsync(string directory)
    {
        // Busy for a moment after its last task was reaped.
        for (var attempt = 0; Directory.Exists(directory); attempt++)
        {
            try
            {
                Directory.Delete(directory);
            }
            catch (IOException) when (attempt < 500)
            {
                await Task.Delay(10);
            }
        }
    }

    private static Stall StallOf(StallKind kind, Workload workload, long nanoseconds)
    {
        var end = (long)UnixNano.Now(TimeProvider.System);
        return new(kind, workload, UtcInterval.Around(end - nanoseconds, 0), UtcInterval.Around(end, 0), new StalledThread(1, 1, "t"), 0, [], []) { Nanoseconds = nanoseconds };
    }

    private async Task<T> UntilAsync<T>(string what, Func<T?> find)
        where T : class
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            Collect().Dispose();
            if (find() is { } found)
                return found;
            if (Stopwatch.GetElapsedTime(since) > Patience)
                throw new TimeoutException($"not within {Patience.TotalSeconds} s: {what}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private List<Exemplar> ExemplarsOf(MetricDescriptor metric, Workload workload)
    {
        using var lease = Collect();
        var family = lease.Snapshot.Families.Single(each => each.Metric == metric);
        foreach (ref readonly var point in family.Points)
        {
            if (ReferenceEquals(point.Series.Resource, workload.Resource))
                return [.. lease.Snapshot.ExemplarsOf(point)];
        }
        throw new InvalidOperationException($"{metric} has no point of {workload}");
    }

    private MetricSnapshot.Lease Collect()
    {
        var result = collector.CollectAsync(builder, TestContext.Current.CancellationToken);
        result.IsCompletedSuccessfully.ShouldBeTrue();
        return builder.Build(UnixNano.Now(TimeProvider.System));
    }
}
