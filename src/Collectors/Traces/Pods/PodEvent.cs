using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Traces.Pods;

/// <summary>Something that came to an end in a pod's life.</summary>
/// <param name="Name">What: <c>k8s.pod.scheduled</c>, <c>k8s.pod.ready</c>, <c>k8s.container.terminated</c>, <c>k8s.pod.deleted</c>.</param>
/// <param name="Uid">The pod.</param>
/// <param name="Of">Tells it from others of its name in the pod: a container's id; else empty.</param>
/// <param name="Attributes">More of it, under OpenTelemetry attribute names.</param>
/// <param name="Began">When what it ends began.</param>
internal sealed record PodEvent(string Name, string Uid, string Of, IReadOnlyList<KeyValuePair<string, string>> Attributes, UtcInterval Began)
    : ObservedEvent(Name, IdentitySubject.Pod(Uid), Attributes);
