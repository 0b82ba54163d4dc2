using Observe.Collectors.Events;
using Observe.Collectors.Stalls;
using Observe.Telemetry.Time;

namespace Observe.Agent.Export.Traces;

/// <summary>
/// Hands on events but not stalls: where nobody takes spans, and there is no operation that a stall could lie in, its span says nothing that it
/// does not say itself. Ids of spans are hashes, and the library for those is 5 MiB that an idle agent has no other use for.
/// </summary>
/// <param name="sink">Who takes the rest.</param>
internal sealed class StallsLeftOut(IEventSink sink) : IEventSink
{
    private readonly List<TimelineEvent<ObservedEvent>> rest = [];

    /// <inheritdoc/>
    public void Take(IReadOnlyList<TimelineEvent<ObservedEvent>> events)
    {
        rest.Clear();
        rest.AddRange(events.Where(each => each.What is not Stall));
        if (rest.Count > 0)
            sink.Take(rest);
    }
}
