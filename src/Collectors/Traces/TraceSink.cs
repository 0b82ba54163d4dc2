using Microsoft.Extensions.Logging;
using Observe.Collectors.Events;
using Observe.Collectors.Migrations;
using Observe.Collectors.Self;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Traces;

/// <summary>Takes events off the timeline, and hands on the spans that they make. Runs by itself.</summary>
public sealed partial class TraceSink : IEventSink, IDisposable
{
    /// <summary>As often as the timeline delivers.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly SpanCorrelator correlator;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly long start;
    private readonly ITimer timer;
    private bool isEnded;

    /// <summary>Begins.</summary>
    /// <param name="identity">Which host this is.</param>
    /// <param name="location">Which virtual machine it is.</param>
    /// <param name="timings">How long is waited.</param>
    /// <param name="spans">Where spans go.</param>
    /// <param name="observers">Who is told of stalls' spans.</param>
    /// <param name="losses">Where what finds no room is counted.</param>
    /// <param name="watch">What is known of migrations of this machine.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it says what should not happen.</param>
    public TraceSink(
        HostIdentity identity, GuestLocation location, TraceTimings timings, ISpanSink spans, IReadOnlyList<IStallObserver> observers, LossCounters losses,
        MigrationWatch watch, TimeProvider time, ILogger<TraceSink> logger)
    {
        ArgumentNullException.ThrowIfNull(spans);
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(time);
        correlator = new SpanCorrelator(identity, location, timings, spans.Offer, observers, losses, watch);
        this.time = time;
        this.logger = logger;
        start = time.GetTimestamp();
        timer = time.CreateTimer(_ => Advance(), null, Pace, Pace);
    }

    /// <inheritdoc/>
    public void Take(IReadOnlyList<TimelineEvent<ObservedEvent>> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        lock (gate)
        {
            if (isEnded)
                return;
            var now = time.GetElapsedTime(start);
            foreach (var each in events)
                correlator.Take(each, now);
        }
    }

    /// <summary>Hands on all that is over by now; nothing comes after it.</summary>
    public void End()
    {
        lock (gate)
        {
            if (isEnded)
                return;
            isEnded = true;
            correlator.Advance(time.GetElapsedTime(start), isEnding: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void Advance()
    {
        // One that takes long: the next turn goes on.
        if (!gate.TryEnter())
            return;
        try
        {
            if (!isEnded)
                correlator.Advance(time.GetElapsedTime(start));
        }
        catch (Exception error)
        {
            // On a timer's thread an exception would end the agent.
            Log.Failed(logger, error);
        }
        finally
        {
            gate.Exit();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Error, "spans could not be made of what is over; report this as a bug", EventName = "TracesFailed")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
