using Observe.Collectors.Events;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces.Verdicts;
using Observe.Telemetry.Time;

namespace Observe.Agent.Export.Traces;

/// <summary>
/// Counts the verdicts of stalls, and hands on all events but them: where nobody takes spans, and there is no operation that a stall could lie in, its span
/// says nothing that it does not say itself. Ids of spans are hashes, and the library for those is 5 MiB that an idle agent has no other use for.
/// </summary>
/// <param name="sink">Who takes the rest.</param>
/// <param name="store">Where the workloads' accounts are.</param>
internal sealed class StallsWithoutSpans(IEventSink sink, ExemplarStore store) : IEventSink
{
    private readonly List<TimelineEvent<ObservedEvent>> rest = [];

    /// <inheritdoc/>
    public void Take(IReadOnlyList<TimelineEvent<ObservedEvent>> events)
    {
        rest.Clear();
        foreach (var each in events)
        {
            if (each.What is Stall stall)
                store.Count(stall, StallVerdict.Judge(stall, isInMigration: false).Verdict);
            else
                rest.Add(each);
        }
        if (rest.Count > 0)
            sink.Take(rest);
    }
}
