using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Self;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Inventory;
using Observe.Collectors.VCenter.Session;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.VCenter.Inventory;

/// <summary>What a large inventory costs, by SOAP over HTTP from another process, with the pauses that are the default.</summary>
public sealed class InventoryVCenterScaleTests
{
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(130);

    [Fact]
    public async Task Follow_FiveThousandVms_IsCompleteWithinAMinuteAndCostsLittle()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("OBSERVE_LONG") == "1", "takes minutes; set OBSERVE_LONG=1");
        var cancel = TestContext.Current.CancellationToken;
        var file = Path.Combine(Path.GetTempPath(), $"observe-large-vcenter-{Environment.ProcessId}");
        using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["-class", typeof(LargeVCenter).FullName!]) { Environment = { [LargeVCenter.Variable] = file }, RedirectStandardOutput = true })!;
        try
        {
            await Followed.UntilAsync(() => File.Exists(file) || server.HasExited, "the vCenter does not start");
            var endpoint = new VCenterEndpoint(new Uri(await File.ReadAllTextAsync(file, cancel))) { Name = "vc1", Username = "reader", Password = "correct horse" };
            await using var session = new VCenterSession(endpoint, new VCenterOptions(), TimeProvider.System, NullLogger.Instance);
            var inventory = new VCenterInventory("vc1", session, new InventoryOptions(), new Resource([], []), new LossCounters(), TimeProvider.System, NullLogger.Instance);
            using var stopping = new CancellationTokenSource();
            var before = (Memory: Memory(), Cpu: Cpu());
            var began = Stopwatch.GetTimestamp();
            var running = inventory.RunAsync(stopping.Token);
            await Followed.UntilAsync(() => inventory.IsComplete, "the inventory is not complete");
            var complete = Stopwatch.GetElapsedTime(began);
            var first = Cpu() - before.Cpu;
            inventory.All("VirtualMachine").Count.ShouldBe(LargeVCenter.Vms);
            inventory.All("HostSystem").Count.ShouldBe(LargeVCenter.Hosts);

            var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
            var (from, cpu, points, collecting) = (Stopwatch.GetTimestamp(), Cpu(), 0, TimeSpan.Zero);
            var (requests, bytes) = Traffic(session);
            while (Stopwatch.GetElapsedTime(from) < Measured)
            {
                await Task.Delay(TimeSpan.FromSeconds(15), cancel);
                var collection = Stopwatch.GetTimestamp();
                inventory.Export(builder);
                using var lease = builder.Build(1);
                (points, collecting) = (lease.Snapshot.PointCount, Stopwatch.GetElapsedTime(collection));
            }
            var share = (Cpu() - cpu) / Stopwatch.GetElapsedTime(from);
            var memory = Memory() - before.Memory;
            var minutes = Stopwatch.GetElapsedTime(from).TotalMinutes;
            var (later, more) = Traffic(session);
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{LargeVCenter.Vms} VMs, {LargeVCenter.Hosts} hosts: complete in {complete.TotalSeconds:0.0} s with {first.TotalSeconds:0.0} s of CPU; then {share:P1} of a core, {memory >> 20} MiB more resident than before "
                + $"({GC.GetTotalMemory(forceFullCollection: true) >> 20} MiB managed), {points} series in {collecting.TotalMilliseconds:0} ms; "
                + $"{bytes >> 10} KiB at first, then {(later - requests) / minutes:0} requests and {(more - bytes) / minutes / 1024:0} KiB a minute");
            await stopping.CancelAsync();
            await running;

            complete.ShouldBeLessThan(TimeSpan.FromSeconds(60));
            share.ShouldBeLessThan(0.10);
            memory.ShouldBeLessThan(250L << 20);
        }
        finally
        {
            File.Delete(file);
            server.Kill();
        }
    }

    private static (long Requests, long Bytes) Traffic(VCenterSession session) =>
        (session.Requests.Methods.Sum(each => MethodTotals.Outcomes.Sum(outcome => each.Value[outcome])), session.Requests.Methods.Sum(each => each.Value.Received));

    private static TimeSpan Cpu() => Environment.CpuUsage.TotalTime;

    private static long Memory()
    {
        GC.Collect();
        return Environment.WorkingSet;
    }
}
