using System.Diagnostics;
using System.Runtime.CompilerServices;
using Observe.Collectors.Traces;

namespace Observe.Agent.Export.Traces;

/// <summary>
/// Spans as the SDK's exporter takes them: activities that are never started, so that nobody's current activity changes and no processor
/// is run, with times, trace and parent of our own by public means. Only the span's own id has none: see docs/adr/0016.
/// </summary>
/// <param name="source">The source that they are of; somebody has to listen to it.</param>
internal sealed class SpanActivities(ActivitySource source)
{
    /// <summary>Makes one.</summary>
    /// <param name="span">The span.</param>
    /// <exception cref="InvalidOperationException">Nobody listens to the source.</exception>
    public Activity Of(ObservedSpan span)
    {
        var parent = new ActivityContext(span.Trace, span.Parent, ActivityTraceFlags.Recorded);
        var activity = source.CreateActivity(span.Descriptor.Name, ActivityKind.Internal, parent, links: LinksOf(span), idFormat: ActivityIdFormat.W3C)
            ?? throw new InvalidOperationException("no span was made: nobody listens to the source of activities");
        IdOf(activity) = span.Id.ToHexString();
        activity.SetStartTime(Moment(span.BeginTicks));
        activity.SetEndTime(Moment(span.EndTicks));
        activity.SetTag("observe.time.earliest", span.Begin.Earliest);
        activity.SetTag("observe.time.begin.latest", span.Begin.Latest);
        activity.SetTag("observe.time.end.earliest", span.End.Earliest);
        activity.SetTag("observe.time.latest", span.End.Latest);
        activity.SetTag("observe.time.common", Math.Min(span.Begin.Common, span.End.Common));
        foreach (var (name, value) in span.Attributes)
            activity.SetTag(name, value);
        if (span.IsError)
            activity.SetStatus(ActivityStatusCode.Error, span.Problem);
        return activity;
    }

    private static IEnumerable<ActivityLink>? LinksOf(ObservedSpan span) => span.Links.Count == 0 ? null : span.Links.Select(each => new ActivityLink(
        new ActivityContext(each.Trace, each.Span, ActivityTraceFlags.Recorded), new ActivityTagsCollection { ["observe.link.reason"] = each.Reason }));

    private static DateTime Moment(long ticks) => DateTime.UnixEpoch.AddTicks(ticks);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? IdOf(Activity activity);
}
