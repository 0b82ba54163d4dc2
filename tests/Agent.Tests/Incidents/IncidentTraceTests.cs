using Observe.Agent.Tests.Incidents.Payload;

namespace Observe.Agent.Tests.Incidents;

/// <summary>What holds of every span of the incident, whatever it is about.</summary>
/// <param name="run">The incident.</param>
[Collection(nameof(OneIncident))]
public sealed class IncidentTraceTests(IncidentRun run)
{
    [Fact]
    public void Spans_All_HaveTheHostsResourceAndTheAgentsScope()
    {
        run.SkipUnlessPlayed();
        foreach (var span in run.Payload.Spans)
        {
            span.Resource["service.name"].ShouldBe("observe");
            span.Resource["host.id"].ShouldBe(run.Truth.HostUuid, "by which it is the virtual machine that was moved");
            span.Resource["host.name"].ShouldBe(Environment.MachineName);
            span.Scope.Name.ShouldBe("observe");
            span.Scope.Version.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void Spans_All_HaveIdsOfTheirOwn()
    {
        run.SkipUnlessPlayed();
        run.Payload.Spans.Select(each => each.SpanId).ShouldBeUnique();
        run.Payload.Spans.ShouldAllBe(each => each.TraceId.Length == 32 && each.SpanId.Length == 16 && each.TraceId.Any(digit => digit != '0') && each.SpanId.Any(digit => digit != '0'));
    }

    [Fact]
    public void Spans_WithAParent_LieInItAndAreOfItsTrace()
    {
        run.SkipUnlessPlayed();
        var all = run.Payload.Spans.ToDictionary(each => each.SpanId);
        foreach (var span in all.Values.Where(each => each.ParentId.Length > 0))
        {
            var parent = all.GetValueOrDefault(span.ParentId).ShouldNotBeNull($"{span}: its parent {span.ParentId} was not exported");
            span.TraceId.ShouldBe(parent.TraceId, $"{span}");
            span.Begin.ShouldBeGreaterThanOrEqualTo(parent.Begin, $"{span} begins before {parent}");
            span.End.ShouldBeLessThanOrEqualTo(parent.End, $"{span} ends after {parent}");
        }
    }

    [Fact]
    public void Spans_All_StandInTheMiddleOfTheirBounds()
    {
        run.SkipUnlessPlayed();
        foreach (var span in run.Payload.Spans)
        {
            // Begin and end are cut to the exporter's unit, and a span is at least one of them long.
            span.Begin.ShouldBeInRange(span.Earliest - ExportedSpan.Unit, span.BeginLatest, $"{span}");
            span.End.ShouldBeInRange(span.EndEarliest - ExportedSpan.Unit, span.Latest + ExportedSpan.Unit, $"{span}");
            Math.Abs(span.Begin - (span.Earliest + ((span.BeginLatest - span.Earliest) / 2))).ShouldBeLessThanOrEqualTo(ExportedSpan.Unit, $"{span}");
            span.End.ShouldBeGreaterThan(span.Begin, $"{span}");
        }
    }

    [Fact]
    public void Links_All_LeadToASpanAndSayWhy()
    {
        run.SkipUnlessPlayed();
        var all = run.Payload.Spans.ToDictionary(each => each.SpanId, each => each.TraceId);
        foreach (var (span, link) in run.Payload.Spans.SelectMany(span => span.Links, (span, link) => (span, link)))
        {
            all.GetValueOrDefault(link.SpanId).ShouldBe(link.TraceId, $"{span} is linked to what was not exported");
            link.Reason.ShouldBeOneOf("overlaps", "corrects", "of");
        }
    }
}
