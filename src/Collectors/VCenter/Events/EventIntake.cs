using Microsoft.Extensions.Logging;
using Observe.Collectors.Events;
using Observe.Collectors.Self;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Time;

namespace Observe.Collectors.VCenter.Events;

/// <summary>Takes events from the server into the timeline, each once, and waits where that has no room. One thread at a time; deliveries are told from any.</summary>
internal sealed partial class EventIntake
{
    /// <summary>Between two attempts while the timeline is full: it delivers twice a second.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);

    /// <summary>Events come within some seconds; those of hours ago, after an outage, are late whatever is waited for.</summary>
    private static readonly TimelineSourceOptions Arrival = new(Lateness: 2_000_000_000, MaxLateness: 10_000_000_000, IdleAfter: 4_000_000_000);

    private readonly EventTimeline timeline;
    private readonly TimelineSource source;
    private readonly EventPosition position;
    private readonly EventTranslator translator;
    private readonly MigrationChains migrations;
    private readonly EventSeries series;
    private readonly LossCounter missed;
    private readonly Action taskQueued;
    private readonly string vcenter;
    private readonly TimeProvider time;
    private readonly ILogger logger;

    /// <summary>Prepares it.</summary>
    /// <param name="vcenter">The vCenter's name.</param>
    /// <param name="timeline">Where events go.</param>
    /// <param name="position">How far they were read.</param>
    /// <param name="translator">What they say.</param>
    /// <param name="migrations">Which belong together.</param>
    /// <param name="series">Where they are counted.</param>
    /// <param name="losses">Where those are counted that the server had no more.</param>
    /// <param name="taskQueued">Told that there is a new task.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it is said that the server counts anew.</param>
    public EventIntake(
        string vcenter, EventTimeline timeline, EventPosition position, EventTranslator translator, MigrationChains migrations, EventSeries series, LossCounters losses,
        Action taskQueued, TimeProvider time, ILogger logger)
    {
        this.vcenter = vcenter;
        this.timeline = timeline;
        this.position = position;
        this.translator = translator;
        this.migrations = migrations;
        this.series = series;
        this.taskQueued = taskQueued;
        this.time = time;
        this.logger = logger;
        missed = losses.Counter("vcenter_event_missed");
        source = timeline.Add($"vcenter:{vcenter}", Arrival, Delivered);
    }

    /// <summary>Which vCenter is read.</summary>
    public string InstanceUuid { get; set; } = "";

    /// <summary>Takes one in.</summary>
    /// <param name="each">The event.</param>
    /// <param name="cancellationToken">Gives up waiting for room: then it was not delivered.</param>
    /// <returns>Whether it had not come before.</returns>
    public async ValueTask<bool> TakeAsync(VimEvent each, CancellationToken cancellationToken)
    {
        var translated = translator.Translate(InstanceUuid, each);
        var id = new EventId(each.Key, each.CreatedTime.UtcTicks);
        var novelty = position.Take(id, translated.When.Middle);
        if (novelty == EventNovelty.Known)
        {
            series.CountDuplicate();
            return false;
        }
        if (novelty == EventNovelty.Restored)
            Restored($"event {each.Key} is from {VimTime.Format(each.CreatedTime)}, and that number was passed before");
        series.Count(translated.Type);
        if (translated.Kind.Name == "vcenter.alarm.status_changed")
            series.CountAlarm(each.Value["to"]?.Text ?? "");
        if (translated.Kind.Role != MigrationRole.None && migrations.Take(each.ChainId, translated.Vm ?? "", translated.Kind.Role, id.Ticks) is { } duration)
            series.ObserveMigration(duration, translated.Kind.Role);
        // The number of resets is in it: another event may have had the same number at the same time.
        var key = new UInt128((ulong)id.Ticks, ((ulong)position.Resets << 32) | (uint)id.Key);
        while (timeline.TryOffer(source, key, translated.When, translated.Event) is var outcome && outcome != TimelineOffer.Accepted)
        {
            if (outcome == TimelineOffer.Known)
            {
                Delivered(key);
                break;
            }
            await Task.Delay(Retry, time, cancellationToken);
        }
        if (each.Type == "TaskEvent")
            taskQueued();
        return true;
    }

    /// <summary>Nothing more is delivered from now on, nor being delivered when this returns.</summary>
    public void End() => timeline.Close(source);

    /// <summary>The server has no more of some.</summary>
    /// <param name="events">How many, at most.</param>
    public void Missed(long events)
    {
        missed.Add(events);
        series.CountMissed(events);
    }

    /// <summary>The server's numbers began anew.</summary>
    /// <param name="why">How that was seen.</param>
    public void Restored(string why) => Log.Restored(logger, vcenter, why);

    private void Delivered(UInt128 key)
    {
        if (position.Delivered(new EventId((int)(uint)(ulong)key, (long)(ulong)(key >> 64))) is { } when)
            series.ObserveLag(((long)UnixNano.Now(time) - when) / 1e9);
    }

    private static partial class Log
    {
        [LoggerMessage(90, LogLevel.Error, "the events of vCenter {VCenter} begin anew: {Reason}. It was restored from a backup, or is another; what it has is read on, and what it lost by that is lost", EventName = "VCenterEventsReset")]
        public static partial void Restored(ILogger logger, string vcenter, string reason);
    }
}
