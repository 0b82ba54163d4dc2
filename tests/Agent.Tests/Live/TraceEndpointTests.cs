using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Observe.Agent.Live.Recent;
using Observe.Agent.Tests.Http;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Telemetry.Tests.Perfetto;
using Observe.Telemetry.Time;

namespace Observe.Agent.Tests.Live;

public sealed class TraceEndpointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trace_StallsAndEvents_AreThoseOfTheRecentPast()
    {
        await using var agent = await TestAgent.StartAsync();
        var happenings = new Happenings(agent);
        var (web, noisy) = (happenings.Workload(1, "/web"), happenings.Workload(2, "/noisy"));
        var now = Happenings.Now;
        happenings.Tell(Happenings.Stall(StallKind.Wait, web, now, 40, new Culprit(CulpritKind.Workload, noisy, 30_000_000), new Culprit(CulpritKind.Interrupt, null, 10_000_000)));
        happenings.Tell(Happenings.Stall(StallKind.Wait, web, now + 5_000_000, 30)); // overlaps it
        happenings.Tell(Happenings.Stall(StallKind.Throttle, web, now + 9_000_000, 20));
        happenings.Tell("vc", Happenings.Event("vcenter.vm.migrating", ("vcenter.vm.name", "vm")), UtcInterval.Around(now, 1_500_000_000));
        await Happenings.KnownAsync(agent, 4);
        var before = Happenings.Now;

        using var response = await agent.Client.GetAsync("/trace?seconds=3600", Token);
        var trace = new ReadTrace(await response.Content.ReadAsByteArrayAsync(Token));

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        response.Content.Headers.ContentDisposition!.FileName!.ShouldMatch($"^observe-{Environment.MachineName}-\\d{{8}}T\\d{{6}}Z\\.perfetto-trace$");
        var past = agent.Services.GetRequiredService<RecentPast>().Since(0, int.MaxValue);
        trace.Slices.Select(each => (each.Track, each.Name, each.Begin, each.End)).ShouldBe(
            past.Where(each => each.HasLength).Select(each => ($"{each.Subject.Kind} {each.Subject.Name}/{each.Name}", each.Name, (ulong)each.Begin.Middle, (ulong)each.End.Middle)), ignoreOrder: true);
        trace.Slices.Count.ShouldBe(3);
        var wait = trace.Slices.Single(each => each.Annotations.Contains("culprit 1"));
        foreach (var annotation in new[]
        {
            "observe.stall.verdict=neighbour", $"culprit 1=75.0 % {noisy.Name} (workload)", "culprit 2=25.0 % interrupt (interrupt)", "thread.name=worker",
            $"observe.time.earliest={now - 40_000_000 - 1000}", $"observe.time.latest={now + 1000}",
        })
            wait.Annotations.ShouldContain(annotation);
        var (track, name, at, annotations) = trace.Instants.ShouldHaveSingleItem();
        (track, name, at).ShouldBe(("vcenter.vm vm/vc", "vcenter.vm.migrating", (ulong)now));
        annotations.ShouldContain($"observe.time.earliest={now - 1_500_000_000},observe.time.latest={now + 1_500_000_000},uncertainty=\u00b11500 ms");
        var clocks = trace.Packets[0].ClockSnapshot.Clocks.ToDictionary(each => each.ClockId, each => each.Timestamp);
        ((long)clocks[1]).ShouldBeInRange(before - 1_000_000_000, before + 60_000_000_000);
        clocks[6].ShouldBeGreaterThanOrEqualTo(clocks[3] - 1_000_000, "suspended time comes on top");
    }

    [Theory]
    [InlineData("?seconds=0")]
    [InlineData("?seconds=3601")]
    [InlineData("?seconds=-5")]
    [InlineData("?seconds=1.5")]
    [InlineData("?seconds=")]
    [InlineData("?second=5")]
    [InlineData("?seconds=5&seconds=6")]
    [InlineData("?seconds=5&x=6")]
    public async Task Trace_ParametersThatAreNone_Is400WithWhatIsAllowed(string query)
    {
        await using var agent = await TestAgent.StartAsync();
        using var response = await agent.Client.GetAsync($"/trace{query}", Token);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Token)).ShouldContain("a whole number from 1 to 3600");
    }

    [Fact]
    public async Task Trace_NothingHappened_IsATraceAllTheSame()
    {
        await using var agent = await TestAgent.StartAsync();
        var trace = new ReadTrace(await agent.Client.GetByteArrayAsync("/trace", Token));
        trace.Packets.ShouldHaveSingleItem().ClockSnapshot.ShouldNotBeNull();
    }

    [Fact]
    public async Task Trace_AnotherIsUnderWay_Is503AndCounted()
    {
        await using var agent = await TestAgent.StartAsync();
        var happenings = new Happenings(agent);
        // More than the sockets between the two take in: the first answer is under way until it is read.
        var text = new string('x', 4000);
        for (var i = 0; i < 3000; i++)
            happenings.Tell("vc", Happenings.Event("vcenter.event", ("vcenter.vm.name", "vm"), ("vcenter.event.message", $"{i}{text}")), UtcInterval.Around(Happenings.Now, 1));
        await Happenings.KnownAsync(agent, 3000);

        using (var first = await agent.Client.GetAsync("/trace", HttpCompletionOption.ResponseHeadersRead, Token))
        {
            first.StatusCode.ShouldBe(HttpStatusCode.OK);
            using var second = await agent.Client.GetAsync("/trace", Token);
            second.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            second.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        }
        agent.Services.GetRequiredService<LossCounters>().Counter("trace_request_refused").Value.ShouldBe(1);
        await EndToEnd.Until.SoAsync("the next one is answered", async () =>
        {
            using var next = await agent.Client.GetAsync("/trace", HttpCompletionOption.ResponseHeadersRead, Token);
            return next.StatusCode == HttpStatusCode.OK;
        });
    }
}
