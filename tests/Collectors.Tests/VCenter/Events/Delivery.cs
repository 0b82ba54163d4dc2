using Observe.Collectors.Events;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>What the outside world got, of all lives: it outlives them.</summary>
internal sealed class Delivery(Func<TimeSpan> now) : IEventSink
{
    /// <summary>By order: what, in which life, when.</summary>
    public List<(TimelineEvent<ObservedEvent> Event, int Life, TimeSpan At)> All { get; } = [];

    public int Life { get; set; }

    public void Take(IReadOnlyList<TimelineEvent<ObservedEvent>> events)
    {
        foreach (var each in events)
            All.Add((each, Life, now()));
    }

    /// <summary>An attribute.</summary>
    public static string? Of(ObservedEvent each, string name) => each.Attributes.FirstOrDefault(attribute => attribute.Key == name).Value;

    /// <summary>How the outside world tells events apart.</summary>
    public static (string Instance, int Key) Identity(ObservedEvent each) =>
        (Of(each, "vcenter.instance_uuid")!, int.Parse(Of(each, "vcenter.event.key")!, System.Globalization.CultureInfo.InvariantCulture));
}
