using Observe.Telemetry.Time;

namespace Observe.Collectors.Events;

/// <summary>Who wants to know what happened, in the order of time and of all sources.</summary>
public interface IEventSink
{
    /// <summary>Takes events. Called by one thread at a time; must not block.</summary>
    /// <param name="events">In order, but for those that are marked late. Not to be kept.</param>
    void Take(IReadOnlyList<TimelineEvent<ObservedEvent>> events);
}
