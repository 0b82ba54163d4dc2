using Observe.Agent.Tests.Incidents.Acts;
using Observe.Agent.Tests.Incidents.Payload;

namespace Observe.Agent.Tests.Incidents;

/// <summary>Exemplars lead from the histograms to the spans, in what was pushed and in what Prometheus 3 scraped.</summary>
/// <param name="run">The incident.</param>
/// <param name="notes">Where numbers go.</param>
[Collection(nameof(OneIncident))]
public sealed class IncidentExemplarTests(IncidentRun run, ITestOutputHelper notes)
{
    [Theory]
    [InlineData("observe.runqueue.wait", "stall.wait", NeighbourAct.VictimName)]
    [InlineData("observe.throttle", "stall.throttle", QuotaAct.Name)]
    public void Pushed_All_LeadToTheSpanOfWhatTheyShow(string metric, string name, string workload)
    {
        run.SkipUnlessPlayed();
        var exemplars = run.Payload.Exemplars.Where(each => each.Metric == metric).ToList();
        var led = exemplars.Select(each => (Exemplar: each, Span: SpanOf(each.TraceId, each.SpanId))).ToList();
        foreach (var (exemplar, span) in led)
        {
            span.Name.ShouldBe(name);
            span.Text("workload.id").ShouldBe(exemplar.Workload);
            exemplar.Value.ShouldBe(span.Double("observe.stall.duration")!.Value, 1e-12);
            // When it was counted, which is when it ended.
            Math.Abs(exemplar.Time - span.End).ShouldBeLessThanOrEqualTo(ExportedSpan.Unit);
        }
        notes.WriteLine($"{led.Count} exemplars, {led.Count(each => each.Span.Text("workload") == workload)} of them of {workload}");
        led.ShouldContain(each => each.Span.Text("workload") == workload);
    }

    [Theory]
    [InlineData("observe_runqueue_wait_seconds_bucket", "stall.wait", NeighbourAct.VictimName)]
    [InlineData("observe_throttle_seconds_bucket", "stall.throttle", QuotaAct.Name)]
    public void Scraped_ByPrometheus_LeadToTheSpansThatWerePushed(string metric, string name, string workload)
    {
        run.SkipUnlessPlayed();
        Assert.SkipWhen(run.Scraped is null, "there is no Prometheus 3: run scripts/fetch-prometheus, or set OBSERVE_PROMETHEUS3");
        var found = run.Scraped!.Where(each => each.Series["__name__"] == metric && each.Series["workload"] == workload).ToList();
        notes.WriteLine($"{found.Count} exemplars of {workload}");
        found.ShouldNotBeEmpty();
        foreach (var each in found)
        {
            var span = SpanOf(each.Labels["trace_id"], each.Labels["span_id"]);
            span.Name.ShouldBe(name);
            span.Text("workload").ShouldBe(workload);
            each.Value.ShouldBe(span.Double("observe.stall.duration")!.Value, 1e-9);
        }
    }

    private ExportedSpan SpanOf(string trace, string span) =>
        run.Payload.Spans.SingleOrDefault(each => each.TraceId == trace && each.SpanId == span).ShouldNotBeNull($"trace {trace} has no span {span}");
}
