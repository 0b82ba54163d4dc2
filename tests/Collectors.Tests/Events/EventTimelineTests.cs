using Observe.Collectors.Events;
using Observe.Collectors.Self;
using Observe.Collectors.Tests.Running;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;
using Observe.Tests;

namespace Observe.Collectors.Tests.Events;

/// <summary>What a source is told of its events' delivery.</summary>
public sealed class EventTimelineTests : IDisposable
{
    private static readonly TimelineSourceOptions Prompt = new(1, 1, 1);

    private readonly ManualTime time = new();
    private readonly LossCounters losses = new();
    private readonly List<string> told = [];
    private readonly List<UInt128> receipts = [];
    private EventTimeline? timeline;

    public void Dispose() => timeline?.Dispose();

    [Fact]
    public void Add_WithAReceipt_IsToldAfterAllSinksHaveHadIt()
    {
        Start(new Sink("one", told), new Sink("two", told));
        var source = timeline!.Add("a", Prompt, key => Told($"receipt {key}"));
        var other = timeline.Add("b", Prompt);
        timeline.TryOffer(source, 7, default, new ObservedEvent("x", null, [])).ShouldBe(TimelineOffer.Accepted);
        timeline.Offer(other, 8, default, new ObservedEvent("y", null, [])).ShouldBeTrue();
        told.ShouldBeEmpty();
        time.Advance(TimeSpan.FromSeconds(1));
        told.ShouldBe(["one x", "one y", "two x", "two y", "receipt 7"]);

        void Told(string what) => told.Add(what);
    }

    [Fact]
    public void Dispose_BeforeDelivery_GivesNoReceipt()
    {
        Start(new Sink("one", told));
        var source = timeline!.Add("a", Prompt, receipts.Add);
        timeline.TryOffer(source, 7, default, new ObservedEvent("x", null, []));
        timeline.Dispose();
        time.Advance(TimeSpan.FromSeconds(10));
        told.ShouldBeEmpty();
        receipts.ShouldBeEmpty();
    }

    [Fact]
    public void Close_OneOfTwo_DeliversNothingMoreOfItAndGivesNoReceipt()
    {
        Start(new Sink("one", told));
        var source = timeline!.Add("a", Prompt, receipts.Add);
        var other = timeline.Add("b", Prompt);
        timeline.TryOffer(source, 7, default, new ObservedEvent("x", null, []));
        timeline.Offer(other, 8, default, new ObservedEvent("y", null, []));
        timeline.Close(source);
        time.Advance(TimeSpan.FromSeconds(1));
        told.ShouldBe(["one y"]);
        receipts.ShouldBeEmpty();
    }

    [Fact]
    public void Deliver_SinkThatFails_IsCountedAndHoldsUpNobody()
    {
        Start(new Failing(), new Sink("two", told));
        var source = timeline!.Add("a", Prompt, receipts.Add);
        timeline.TryOffer(source, 7, default, new ObservedEvent("x", null, []));
        time.Advance(TimeSpan.FromSeconds(1));
        told.ShouldBe(["two x"]);
        receipts.ShouldBe([(UInt128)7]);
        losses.Counter("event_sink_failed").Value.ShouldBe(1);
    }

    private void Start(params IEventSink[] sinks) => timeline = new EventTimeline(sinks, new Resource([], []), losses, time, new RecordingLogger<EventTimeline>());

    private sealed class Sink(string name, List<string> told) : IEventSink
    {
        public void Take(IReadOnlyList<TimelineEvent<ObservedEvent>> events) => told.AddRange(events.Select(each => $"{name} {each.What.Name}"));
    }

    private sealed class Failing : IEventSink
    {
        public void Take(IReadOnlyList<TimelineEvent<ObservedEvent>> events) => throw new InvalidOperationException("no");
    }
}
