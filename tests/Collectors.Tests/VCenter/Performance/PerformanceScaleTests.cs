using System.Diagnostics;
using Observe.Collectors.Tests.VCenter.Fake.Soap;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Performance;
using Observe.Collectors.VCenter.Soap;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Performance;

/// <summary>What a round costs, in CPU and memory: of the collector alone, with answers made beforehand, and over the wire with the server in the same process.</summary>
[Collection(nameof(RunsAlone))]
public sealed class PerformanceScaleTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("OBSERVE_LONG") == "1";

    [Theory]
    [InlineData(256)]
    [InlineData(-1)]
    public async Task Run_ManyMachines_CostsLittle(int maxQueryMetrics)
    {
        var (machines, hosts) = IsLong ? (5000, 200) : (200, 8);
        var center = new SampledCenter(machines, hosts, prepare: vcenter => vcenter.Performance.MaxQueryMetrics = maxQueryMetrics, connect: vcenter => new CannedVim(vcenter.Connect()));
        await center.RunAsync(2);
        GC.Collect();
        var before = center.Collector.Totals.Requests;
        var (bytes, began) = (GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime);
        const int Rounds = 5;
        for (var i = 0; i < Rounds; i++)
        {
            await center.Collector.RoundAsync(TestContext.Current.CancellationToken);
            while (center.Queue.Take() is { } chunk)
                center.Queue.Done(chunk);
            center.Time.Advance(RealTime.Interval);
        }
        var cpu = (Environment.CpuUsage.TotalTime - began) / Rounds;
        var requests = (center.Collector.Totals.Requests - before) / Rounds;
        output.WriteLine($"{machines} VMs, {hosts} hosts, {maxQueryMetrics} metrics a request: {cpu.TotalMilliseconds:0} ms CPU a round ({cpu / RealTime.Interval:0.0%} of a core), {requests * 3} requests a minute, {(GC.GetTotalAllocatedBytes() - bytes) / Rounds / 1e6:0.0} MB allocated a round");
        // As many as fit: 50 things, or 7 of 33 counters each.
        requests.ShouldBe(maxQueryMetrics < 0 ? (machines + hosts + 49) / 50 : (machines + hosts + 6) / 7);
        if (IsLong)
            cpu.ShouldBeLessThan(TimeSpan.FromSeconds(2), "a tenth of a core");
    }

    [Fact]
    public async Task Accounts_OfManyMachines_TakeLittleMemory()
    {
        var machines = IsLong ? 5000 : 200;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var center = new SampledCenter(machines, hosts: 1, prepare: vcenter => vcenter.Performance.MaxQueryMetrics = -1);
        var prepared = GC.GetTotalMemory(forceFullCollection: true);
        await center.RunAsync(2);
        center.Delivered.Clear();
        var memory = GC.GetTotalMemory(forceFullCollection: true) - prepared;
        output.WriteLine($"{machines} VMs: {memory / 1e6:0.0} MB, {memory / machines} bytes each, {SampleTruth.OfMachines.Count} series each (the fake itself: {(prepared - before) / 1e6:0.0} MB)");
        (memory / machines).ShouldBeLessThan(25_000);
        GC.KeepAlive(center);
    }

    [Fact]
    public async Task Run_OverHttp_ReportsWhatItCosts()
    {
        FakeSoapServer? server = null;
        SoapVim? vim = null;
        var (machines, hosts) = IsLong ? (5000, 200) : (100, 4);
        var center = new SampledCenter(machines, hosts, prepare: vcenter => vcenter.Performance.MaxQueryMetrics = -1, connect: fake =>
        {
            server = FakeSoapServer.StartAsync(fake).GetAwaiter().GetResult();
            return vim = new SoapVim(new VCenterEndpoint(server.Url), TimeProvider.System);
        });
        await center.RunAsync(1);
        var (began, at) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await center.RunAsync(3);
        var (cpu, wall) = ((Environment.CpuUsage.TotalTime - began) / 3, Stopwatch.GetElapsedTime(at) / 3);
        output.WriteLine($"{machines} VMs, {hosts} hosts over HTTP, server and receiver of this test included: {wall.TotalSeconds:0.00} s, {cpu.TotalSeconds:0.00} s CPU a round");
        center.Points.ShouldBe(4L * ((machines * SampleTruth.OfMachines.Count) + (hosts * SampleTruth.OfHosts.Count)));
        vim!.Dispose();
        await server!.DisposeAsync();
    }

    /// <summary>Answers with the values of the first answer, at the times that are due: what the server costs is not in what is measured.</summary>
    private sealed class CannedVim(Fake.FakeVim inner) : ForwardingVim(inner)
    {
        private readonly Dictionary<ManagedObject, PerfEntitySamples> canned = [];

        public override async Task<IReadOnlyList<PerfEntitySamples>> QueryPerfAsync(ManagedObject perfManager, IReadOnlyList<PerfQuery> queries, CancellationToken cancellationToken)
        {
            var fresh = queries.Where(each => !canned.ContainsKey(each.Entity)).ToList();
            if (fresh.Count > 0)
            {
                foreach (var each in await base.QueryPerfAsync(perfManager, fresh, cancellationToken))
                    canned[each.Entity] = each;
            }
            return [.. queries.Select(each => canned[each.Entity] with { Times = [Next(each)] })];
        }

        private static DateTimeOffset Next(PerfQuery query) => DateTimeOffset.FromUnixTimeSeconds(((query.Begin!.Value.ToUnixTimeSeconds() / 20) + 1) * 20);
    }
}
