using Observe.Collectors.Identity;

namespace Observe.Collectors.Events;

/// <summary>Something that happened outside of the kernel's own accounts.</summary>
/// <param name="Name">What: <c>container.start</c>, by the source's own terms.</param>
/// <param name="Subject">To whom; null if to no workload.</param>
/// <param name="Attributes">More of it, under OpenTelemetry attribute names.</param>
public sealed record ObservedEvent(string Name, IdentitySubject? Subject, IReadOnlyList<KeyValuePair<string, string>> Attributes);
