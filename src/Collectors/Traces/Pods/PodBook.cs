using System.Diagnostics;
using System.Globalization;
using Observe.Collectors.Events;
using Observe.Collectors.Self;
using Observe.Telemetry.Time;
using Observe.Telemetry.Traces;

namespace Observe.Collectors.Traces.Pods;

/// <summary>Lives of pods, as the API server tells. One thread at a time.</summary>
/// <param name="adoption">Finds the operations that they may have to do with.</param>
/// <param name="emit">Where spans go.</param>
/// <param name="losses">Where what finds no room is counted.</param>
internal sealed class PodBook(Adoption adoption, Action<ObservedSpan> emit, LossCounters losses)
{
    /// <summary>Pods of which something was exported that must be in their span: as many as the API server's follower has room for, and some that are gone.</summary>
    private const int Capacity = 8192;

    private readonly Dictionary<string, Extent> pods = new(StringComparer.Ordinal);
    private readonly LossCounter full = losses.Counter("trace_pod_dropped");

    /// <summary>Takes an event in, if it is one of a pod.</summary>
    /// <param name="what">The event.</param>
    /// <param name="when">When it was.</param>
    /// <param name="now">A moment of a clock that only goes on.</param>
    public void Take(ObservedEvent what, UtcInterval when, TimeSpan now)
    {
        if (what is not PodEvent each || DescriptorOf(each.Name) is not { } descriptor)
            return;
        if (!pods.ContainsKey(each.Uid) && pods.Count >= Capacity)
        {
            full.Add();
            return;
        }
        var extent = Extent.Of(each.Began).With(when);
        var around = pods.TryGetValue(each.Uid, out var known) ? known.With(extent) : extent;
        pods[each.Uid] = around;
        var isLife = descriptor == SpanCatalog.PodLife;
        if (isLife)
            pods.Remove(each.Uid);
        adoption.Hold(extent, now, place => Export(each, descriptor, isLife ? around : extent, place));
    }

    private void Export(PodEvent each, SpanDescriptor descriptor, Extent extent, Placement place)
    {
        var trace = SpanIds.Trace("k8s.pod", each.Uid);
        var life = SpanIds.Span("k8s.pod", each.Uid, SpanCatalog.PodLife.Name, "");
        var isLife = descriptor == SpanCatalog.PodLife;
        var code = each.Attributes.FirstOrDefault(one => one.Key == "process.exit.code").Value;
        var isError = code is not (null or "0");
        IReadOnlyList<SpanLink> links = place.IsInside ? [new SpanLink(place.Trace, place.Parent, SpanLink.Overlaps), .. place.Links] : place.Links;
        emit(new ObservedSpan(
            descriptor, trace, isLife ? life : SpanIds.Span("k8s.pod", each.Uid, descriptor.Name, each.Of), isLife ? default(ActivitySpanId) : life, extent.Begin, extent.End,
            [.. each.Attributes.Select(Typed)])
        {
            Links = links,
            IsError = isError,
            Problem = isError ? $"ended with code {code}" : null,
        });
    }

    private static KeyValuePair<string, object> Typed(KeyValuePair<string, string> attribute) =>
        attribute.Key == "process.exit.code" && long.TryParse(attribute.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code)
            ? new(attribute.Key, code)
            : new(attribute.Key, attribute.Value);

    private static SpanDescriptor? DescriptorOf(string name) => name switch
    {
        "k8s.pod.scheduled" => SpanCatalog.PodSchedule,
        "k8s.pod.ready" => SpanCatalog.PodStart,
        "k8s.container.terminated" => SpanCatalog.PodContainerLife,
        "k8s.pod.deleted" => SpanCatalog.PodLife,
        _ => null,
    };
}
