using System.Collections.Frozen;
using Observe.Telemetry.Time;
using Observe.Telemetry.Traces;

namespace Observe.Collectors.Traces.Operations;

/// <content>What is exported of it.</content>
internal sealed partial class Operation
{
    /// <summary>Attributes of events that its span has too; of several events the first that has one counts.</summary>
    private static readonly FrozenSet<string> Shown =
        OperationKinds.Other.Attributes.Where(each => each.Name != "error.type" && !each.Name.StartsWith("observe.", StringComparison.Ordinal)).Select(each => each.Name).ToFrozenSet();

    /// <summary>A migration's parts, and the moments between them.</summary>
    private static readonly string[] Phases = ["queued", "preparing", "transferring", "finishing"];

    private readonly UtcInterval?[] milestones = new UtcInterval?[Phases.Length + 1];
    private bool isFailed;
    private string? problem;

    /// <summary>Its span, and those of its parts.</summary>
    public IEnumerable<ObservedSpan> ToSpans()
    {
        yield return ToSpan(Span, Extent, []);
        for (var i = 0; IsMigration && i < Phases.Length; i++)
        {
            // Of two that contradict each other nothing is made: somebody's clock was set between them.
            if (milestones[i] is not { } from || milestones[i + 1] is not { } to || to.IsBefore(from))
                continue;
            var part = Extent.Of(from).With(to);
            yield return new ObservedSpan(
                SpanCatalog.OperationPhase, Trace, SpanIds.Span("vcenter.operation.phase", [.. key, Phases[i]]), Span, part.Begin, part.End, [new("observe.vcenter.phase", Phases[i])]);
        }
    }

    /// <summary>What has been learnt since it was exported.</summary>
    /// <param name="extent">When that was.</param>
    public ObservedSpan ToCorrection(Extent extent)
    {
        Corrections++;
        var id = SpanIds.Span("vcenter.operation.correction", [.. key, Corrections.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        return ToSpan(id, extent, [new("observe.correction", true)]) with { Links = [new SpanLink(Trace, Span, SpanLink.Corrects)] };
    }

    private ObservedSpan ToSpan(System.Diagnostics.ActivitySpanId id, Extent extent, IEnumerable<KeyValuePair<string, object>> more)
    {
        List<KeyValuePair<string, object>> all = [.. attributes.Select(each => new KeyValuePair<string, object>(each.Key, each.Value))];
        if (errorType is not null)
            all.Add(new("error.type", errorType));
        all.Add(new("observe.vcenter.events", facts));
        if (types.Count > 0)
            all.Add(new("observe.vcenter.event.types", types.ToArray()));
        if (isGivenUp && !hasEnded)
            all.Add(new("observe.incomplete", "end"));
        all.AddRange(more);
        return new ObservedSpan(Kind, Trace, id, default, extent.Begin, extent.End, all) { IsError = isFailed, Problem = problem };
    }

    private string? errorType;

    private void Fail(IReadOnlyList<KeyValuePair<string, string>> told)
    {
        isFailed = true;
        foreach (var (name, value) in told)
        {
            if (name == "vcenter.event.message")
                problem ??= value;
            else if (name == "error.type")
                errorType ??= value;
        }
    }

    private void Mark(OperationRole role, UtcInterval when)
    {
        int? place = role switch
        {
            OperationRole.TaskQueued => 0,
            OperationRole.TaskStarted => 1,
            OperationRole.Begin => 2,
            OperationRole.End or OperationRole.Failure => 3,
            OperationRole.TaskSucceeded or OperationRole.TaskFailed => 4,
            _ => null,
        };
        // Of several the first, as MigrationChains has it.
        if (place is { } at && (milestones[at] is not { } known || when.Middle < known.Middle))
            milestones[at] = when;
    }
}
