using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.Tests.VCenter.Fake.Soap;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Soap;

namespace Observe.Collectors.Tests.VCenter.Performance;

/// <summary>The loop as it runs, on a clock that is pushed on; and over the wire.</summary>
public sealed class PerformanceRunTests
{
    [Fact]
    public async Task Run_ServerWithALag_EverySampleSoonAndNoRoundTwiceAtATime()
    {
        var center = new SampledCenter(machines: 3, prepare: vcenter => vcenter.Performance.Lag = TimeSpan.FromSeconds(11));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = center.Collector.RunAsync(stop.Token);
        for (var second = 0; second < 600; second++)
        {
            center.Time.Advance(TimeSpan.FromSeconds(1));
            // In process nothing takes time: the loop waits for the clock again, or has just come to.
            for (var i = 0; i < 200 && center.Time.Pending == 0; i++)
                await Task.Delay(1, TestContext.Current.CancellationToken);
        }
        center.Receive();
        await stop.CancelAsync();
        await running.ShouldThrowAsync<OperationCanceledException>();

        var times = center.Delivered[(center.Machines[0].Id, "observe_vcenter_vm_cpu_demand_hertz", "")].Select(each => each.Time).ToList();
        times.Count.ShouldBeInRange(29, 31);
        times.Zip(times.Skip(1), (one, next) => next - one).ShouldAllBe(apart => apart == 20_000_000_000);
        center.Collector.State.Lag!.Value.TotalSeconds.ShouldBeInRange(10.9, 14);
        center.Collector.State.Skipped.ShouldBe(0);
        center.VCenter.Requests.Count("QueryPerf").ShouldBeLessThan(40);
    }

    [Fact]
    public async Task Run_OverHttp_EverySampleOnceAtItsTime()
    {
        FakeSoapServer? server = null;
        SoapVim? vim = null;
        try
        {
            var center = new SampledCenter(machines: 20, connect: fake =>
            {
                server = FakeSoapServer.StartAsync(fake).GetAwaiter().GetResult();
                return vim = new SoapVim(new VCenterEndpoint(server.Url), TimeProvider.System);
            });
            var begin = center.VCenter.Clock.Now - TimeSpan.FromSeconds(20);
            await center.RunAsync(4);
            center.VCenter.Faults.Next(FakeTrouble.Http500, "QueryPerf");
            center.VCenter.Faults.Next(FakeTrouble.CutMidAnswer, "QueryPerf", skip: 1);
            center.VCenter.Faults.Next(FakeTrouble.KillSession, "QueryPerf", skip: 3);
            await center.RunAsync(6);

            var stamps = SampledCenter.StampsAfter(begin, center.VCenter.Clock.Now - TimeSpan.FromSeconds(20)).ToList();
            center.ShouldHaveDelivered(center.Machines, SampleTruth.OfMachines, stamps);
            center.ShouldHaveDelivered(center.Hosts, SampleTruth.OfHosts, stamps);
        }
        finally
        {
            vim?.Dispose();
            if (server is not null)
                await server.DisposeAsync();
        }
    }
}
