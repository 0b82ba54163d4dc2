using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Traces.Containers;

/// <summary>Something that happened to a container of an engine.</summary>
/// <param name="Name">What: <c>container.start</c>, by the engine's own terms.</param>
/// <param name="Subject">Which container.</param>
/// <param name="Attributes">More of it, under OpenTelemetry attribute names.</param>
/// <param name="Started">When it was last started, as far as the engine has said; null: never, or not known.</param>
internal sealed record ContainerEvent(string Name, IdentitySubject? Subject, IReadOnlyList<KeyValuePair<string, string>> Attributes, UtcInterval? Started)
    : ObservedEvent(Name, Subject, Attributes);
