using Observe.Collectors.Identity;

namespace Observe.Collectors.Events;

/// <summary>Something that happened.</summary>
/// <param name="Name">What: <c>container.start</c>, by the source's own terms.</param>
/// <param name="Subject">To whom; null if to no workload.</param>
/// <param name="Attributes">More of it, under OpenTelemetry attribute names.</param>
public record ObservedEvent(string Name, IdentitySubject? Subject, IReadOnlyList<KeyValuePair<string, string>> Attributes);
