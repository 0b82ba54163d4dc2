using Observe.Collectors.Events;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Traces.Operations;

/// <summary>The start or the end of a vCenter's task.</summary>
/// <param name="Name">Which.</param>
/// <param name="Attributes">More of it.</param>
/// <param name="Began">When the task was begun; null if it was not, or this is that.</param>
internal sealed record TaskEvent(string Name, IReadOnlyList<KeyValuePair<string, string>> Attributes, UtcInterval? Began) : ObservedEvent(Name, null, Attributes);
