using Observe.Collectors.Events;
using Observe.Collectors.Self;
using Observe.Telemetry.Time;

namespace Observe.Collectors.VCenter.Events;

/// <summary>Tells of each task's start and end, at their own times: reads the tasks when an event says that there is a new one, and while some are under way.</summary>
internal sealed class TaskFollower
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);

    /// <summary>They are heard of when they are read.</summary>
    private static readonly TimelineSourceOptions Arrival = new(Lateness: 6_000_000_000, MaxLateness: 10_000_000_000, IdleAfter: 1_000_000_000);

    private readonly EventOptions options;
    private readonly IVCenterSession session;
    private readonly IVCenterClock clock;
    private readonly TaskReader reader;
    private readonly TaskBook book;
    private readonly TaskTranslator translator;
    private readonly EventTimeline timeline;
    private readonly TimelineSource source;
    private readonly EventSeries series;
    private readonly LossCounter untracked;
    private readonly LossCounter unended;
    private readonly FollowerState state;
    private readonly Backoff backoff;
    private readonly TimeProvider time;

    // Who asks goes on at once: the first thing that is done about it is to wait.
    private TaskCompletionSource wanted = new();
    private long? longReadAt;

    /// <summary>Prepares it.</summary>
    /// <param name="options">How.</param>
    /// <param name="session">Whom to ask.</param>
    /// <param name="clock">What the server's clock shows.</param>
    /// <param name="reader">Reads them.</param>
    /// <param name="book">What was told of.</param>
    /// <param name="translator">What they say.</param>
    /// <param name="timeline">Where they go.</param>
    /// <param name="series">Where they are counted.</param>
    /// <param name="losses">Where those are counted of which something was not told.</param>
    /// <param name="state">How it fares.</param>
    /// <param name="backoff">Between attempts.</param>
    /// <param name="time">The clock.</param>
    public TaskFollower(
        EventOptions options, IVCenterSession session, IVCenterClock clock, TaskReader reader, TaskBook book, TaskTranslator translator, EventTimeline timeline, EventSeries series,
        LossCounters losses, FollowerState state, Backoff backoff, TimeProvider time)
    {
        this.options = options;
        this.session = session;
        this.clock = clock;
        this.reader = reader;
        this.book = book;
        this.translator = translator;
        this.timeline = timeline;
        this.series = series;
        this.state = state;
        this.backoff = backoff;
        this.time = time;
        untracked = losses.Counter("vcenter_task_untracked");
        unended = losses.Counter("vcenter_task_unended");
        source = timeline.Add($"vcenter-tasks:{options.Name}", Arrival, book.Delivered);
    }

    /// <summary>Asks for a reading soon.</summary>
    public void Want() => wanted.TrySetResult();

    /// <summary>Nothing more is delivered from now on, nor being delivered when this returns.</summary>
    public void End() => timeline.Close(source);

    /// <summary>Follows until it is told to stop.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = TimeSpan.Zero;
            try
            {
                await ReadAsync(cancellationToken);
                backoff.Succeeded();
                state.Succeeded(isTold: reader.HasHistory);
                pause = book.AnyUnderWay || !reader.HasHistory ? options.TaskPoll : options.IdleTaskPoll;
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (SessionChangedException)
            {
                pause = backoff.Failed(null);
            }
            catch (Exception error)
            {
                state.Failed(error);
                pause = backoff.Failed(null);
            }
            await wanted.Task.WaitAsync(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (!wanted.Task.IsCompleted || cancellationToken.IsCancellationRequested)
                continue;
            wanted = new TaskCompletionSource();
            // Many are queued at once; one reading is enough for all of them.
            await Task.Delay(options.Poll, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var content = session.Content ?? await session.AskAsync((_, known, _) => Task.FromResult(known), null, cancellationToken);
        if (content.TaskManager is null)
            throw new VCenterException("the server has no tasks");
        var serverNow = clock.Now;
        var begin = book.Begin(serverNow - options.LookBack);
        var read = new HashSet<string>(StringComparer.Ordinal);
        var isLongToo = longReadAt is not { } at || time.GetElapsedTime(at) >= options.IdleTaskPoll;
        var ofLong = book.Long();
        if (!isLongToo)
            read.UnionWith(ofLong.Select(each => each.Key));
        var infos = await reader.ReadAsync(begin, isLongToo ? ofLong : [], key => IsOver(key, read), cancellationToken);
        if (isLongToo)
            longReadAt = time.GetTimestamp();
        var uuid = content.About.InstanceUuid;
        foreach (var task in infos.Select(ObservedTask.Of).OfType<ObservedTask>())
        {
            read.Add(task.Key);
            if (task.Started is { } started)
                await OfferAsync(uuid, task, started, isEnd: false, cancellationToken);
            if (task.Ended is { } ended)
                await OfferAsync(uuid, task, ended, isEnd: true, cancellationToken);
            if (task is { Started: null, Ended: null })
                book.Expect(task);
        }
        unended.Add(book.Complete(serverNow, read));
    }

    private bool IsOver(string key, HashSet<string> read) => book.IsOver(key) && read.Add(key);

    private async Task OfferAsync(string uuid, ObservedTask task, DateTimeOffset moment, bool isEnd, CancellationToken cancellationToken)
    {
        if (book.Take(task, isEnd, out var isFull) is not { } key)
        {
            untracked.Add(isFull ? 1 : 0);
            return;
        }
        if (isEnd)
            series.CountTask(task.Descriptor, task.IsSuccess);
        var (when, what) = translator.Translate(uuid, task, moment, isEnd);
        while (timeline.TryOffer(source, key, when, what) is var outcome && outcome != TimelineOffer.Accepted)
        {
            if (outcome == TimelineOffer.Known)
            {
                book.Delivered(key);
                return;
            }
            await Task.Delay(Retry, time, cancellationToken);
        }
    }
}
