using Observe.Collectors.Events;
using Observe.Telemetry.Time;

namespace Observe.Collectors.VCenter.Events;

/// <summary>An event, as it is told of.</summary>
/// <param name="Type">Its type or <c>eventTypeId</c>.</param>
/// <param name="Kind">What is known of that.</param>
/// <param name="When">When it was.</param>
/// <param name="Vm">The VM it is about, as the server numbers it; null if it is about none.</param>
/// <param name="Event">What happened.</param>
internal sealed record TranslatedEvent(string Type, EventKind Kind, UtcInterval When, string? Vm, ObservedEvent Event);
