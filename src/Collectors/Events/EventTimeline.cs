using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Observe.Collectors.Self;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Events;

/// <summary>
/// Where all sources' events meet: they go in as they are learnt of, and out to the sinks in the order of time. Runs by
/// itself; exports what waits, what was late, and what was left out.
/// </summary>
public sealed partial class EventTimeline : ICollector, IDisposable
{
    /// <summary>Events that may wait: some 300 bytes each.</summary>
    private const int Capacity = 16384;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    private readonly Timeline<ObservedEvent> timeline = new(Capacity);
    private readonly List<TimelineEvent<ObservedEvent>> due = [];
    private readonly List<SourceSeries> sources = [];
    private readonly ConcurrentDictionary<TimelineSource, Action<UInt128>> receipts = new();
    private readonly HashSet<TimelineSource> closed = [];
    private readonly IReadOnlyList<IEventSink> sinks;
    private readonly Resource host;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly LossCounter hurried;
    private readonly LossCounter untaken;
    private readonly Series waiting;
    private readonly Series maxWaiting;
    private readonly ITimer timer;
    private readonly Lock pumping = new();
    private readonly Lock adding = new();
    private long hurriedBefore;

    /// <summary>Starts delivering.</summary>
    /// <param name="sinks">To whom.</param>
    /// <param name="host">Whose the series are.</param>
    /// <param name="losses">Where events delivered before their time are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where a sink's failure goes.</param>
    public EventTimeline(IEnumerable<IEventSink> sinks, Resource host, LossCounters losses, TimeProvider time, ILogger<EventTimeline> logger)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(time);
        this.sinks = [.. sinks];
        this.host = host;
        this.time = time;
        this.logger = logger;
        hurried = losses.Counter("timeline_hurried");
        untaken = losses.Counter("event_sink_failed");
        var start = UnixNano.Now(time);
        waiting = new Series(MetricCatalog.TimelineWaiting, host, start, []);
        maxWaiting = new Series(MetricCatalog.TimelineMaxWaiting, host, start, []);
        timer = time.CreateTimer(_ => Deliver(), null, Pace, Pace);
    }

    /// <inheritdoc/>
    public string Name => "timeline";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status => [new ComponentStatus("timeline", StatusLevel.Ok, $"{timeline.Sources.Count} sources, {timeline.Count} of {Capacity} events waiting")];

    /// <summary>Adds a source.</summary>
    /// <param name="name">The <c>source</c> label.</param>
    /// <param name="options">What is known of it.</param>
    /// <param name="delivered">
    /// Told the key of each event once all sinks have had it, one thread at a time: for sources that can be asked again for what was not.
    /// What a sink failed to take is told all the same, and counted as lost. Must not block; null: nobody wants to know.
    /// </param>
    public TimelineSource Add(string name, TimelineSourceOptions options, Action<UInt128>? delivered = null)
    {
        var source = timeline.Add(name, options);
        if (delivered is not null)
            receipts[source] = delivered;
        lock (adding)
            sources.Add(new SourceSeries(source, host, UnixNano.Now(time)));
        return source;
    }

    /// <summary>
    /// Delivers nothing of a source any more, and is not delivering anything of it when this returns: for one that has asked for
    /// receipts, and takes note for another life of what it was told.
    /// </summary>
    /// <param name="source">Which.</param>
    public void Close(TimelineSource source)
    {
        lock (pumping)
            closed.Add(source);
    }

    /// <summary>Takes an event in.</summary>
    /// <param name="source">Whose.</param>
    /// <param name="key">Tells it from every other event of the source.</param>
    /// <param name="when">When it happened.</param>
    /// <param name="what">What happened.</param>
    /// <returns>Whether it was: not if it had come before, or there is no room.</returns>
    public bool Offer(TimelineSource source, UInt128 key, UtcInterval when, ObservedEvent what) => timeline.Offer(source, key, when, what, (long)UnixNano.Now(time));

    /// <summary>Takes an event in of a source that can wait.</summary>
    /// <param name="source">Whose.</param>
    /// <param name="key">Tells it from every other event of the source.</param>
    /// <param name="when">When it happened.</param>
    /// <param name="what">What happened.</param>
    /// <returns>What became of it; if there is no room, it is to be offered again.</returns>
    public TimelineOffer TryOffer(TimelineSource source, UInt128 key, UtcInterval when, ObservedEvent what) => timeline.TryOffer(source, key, when, what, (long)UnixNano.Now(time));

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(waiting, timeline.Count);
        builder.Add(maxWaiting, Capacity);
        lock (adding)
        {
            foreach (var source in sources)
                source.Export(builder);
        }
        return new(CollectResult.Ok);
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void Deliver()
    {
        // A sink that takes long: the next turn brings the rest.
        if (!pumping.TryEnter())
            return;
        try
        {
            due.Clear();
            timeline.Take((long)UnixNano.Now(time), due);
            hurried.Add(timeline.Hurried - hurriedBefore);
            hurriedBefore = timeline.Hurried;
            if (closed.Count > 0)
                due.RemoveAll(each => closed.Contains(each.Source));
            if (due.Count == 0)
                return;
            foreach (var sink in sinks)
                Deliver(sink);
            foreach (var each in due)
            {
                if (receipts.TryGetValue(each.Source, out var delivered))
                    delivered(each.Key);
            }
        }
        finally
        {
            pumping.Exit();
        }
    }

    private void Deliver(IEventSink sink)
    {
        try
        {
            sink.Take(due);
        }
        catch (Exception error)
        {
            // On a timer's thread an exception would end the agent, and one sink must not cost another its events.
            untaken.Add(due.Count);
            Log.SinkFailed(logger, sink.GetType().Name, due.Count, error.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(40, LogLevel.Error, "{Sink} did not take {Count} events: {Reason}; report this as a bug", EventName = "EventSinkFailed")]
        public static partial void SinkFailed(ILogger logger, string sink, int count, string reason);
    }
}
