using Microsoft.Extensions.Logging;
using Observe.Collectors.Events;
using Observe.Collectors.Self;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Events;

/// <summary>
/// What happens in a vCenter: its events, the starts and ends of its tasks, and the changes of its alarms, into the timeline, each once;
/// and what of that was delivered, in a file that outlives the agent.
/// </summary>
internal sealed class VCenterEvents
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly EventOptions options;
    private readonly IVCenterClock clock;
    private readonly TimeProvider time;
    private readonly EventPosition position;
    private readonly TaskBook book;
    private readonly EventSeries series;
    private readonly ServerObjects made;
    private readonly EventIntake intake;
    private readonly EventFollower events;
    private readonly TaskFollower tasks;
    private readonly CheckpointFile? file;
    private readonly CheckpointWriter? writer;
    private readonly FollowerState eventState;
    private readonly FollowerState taskState;

    /// <summary>Prepares it, and reads the checkpoint.</summary>
    /// <param name="options">How.</param>
    /// <param name="session">Whom to ask.</param>
    /// <param name="clock">When it was that the server's clock showed something.</param>
    /// <param name="inventory">Who is who; null: nobody knows.</param>
    /// <param name="timeline">Where events go.</param>
    /// <param name="host">Whose the series are.</param>
    /// <param name="losses">Where what is lost is counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it says what people should know.</param>
    /// <param name="random">The jitter of pauses; null: any.</param>
    public VCenterEvents(
        EventOptions options, IVCenterSession session, IVCenterClock clock, IVCenterInventory? inventory, EventTimeline timeline, Resource host, LossCounters losses,
        TimeProvider time, ILogger logger, Random? random = null)
    {
        this.options = options;
        this.clock = clock;
        this.time = time;
        position = new EventPosition(options.Overlap);
        book = new TaskBook(options.Overlap);
        series = new EventSeries(options.Name, host, UnixNano.Now(time), () => position.Resets);
        made = new ServerObjects(session, time);
        eventState = new FollowerState(options.Name, "events", logger);
        taskState = new FollowerState(options.Name, "tasks", logger);
        if (options.StateDirectory is { } directory)
        {
            file = new CheckpointFile(CheckpointFile.PathOf(directory, options.Name), options.Name, logger);
            writer = new CheckpointWriter(file, position, book, series, options.CheckpointEvery, time);
            if (file.Read() is { } checkpoint)
            {
                position.Restore(checkpoint);
                book.Restore(checkpoint);
            }
        }
        var translator = new EventTranslator(options.Name, clock, inventory);
        tasks = new TaskFollower(
            options, session, clock, new TaskReader(session, made), book, new TaskTranslator(options.Name, inventory, translator), timeline, series, losses, taskState,
            NewBackoff(), time);
        intake = new EventIntake(
            options.Name, timeline, position, translator, new MigrationChains(losses), series, losses, tasks.Want, time, logger);
        events = new EventFollower(options, session, clock, made, position, intake, eventState, NewBackoff(), time, logger);

        Backoff NewBackoff() => new(FirstPause, LongestPause, LongestPause, time, random ?? new Random());
    }

    /// <summary>How its parts fare.</summary>
    public IEnumerable<ComponentStatus> Status => [eventState.Status, taskState.Status, CheckpointStatus];

    private ComponentStatus CheckpointStatus
    {
        get
        {
            var row = $"vcenter {options.Name} checkpoint";
            if (file is null)
                return new(row, StatusLevel.Degraded, "there is no state directory: after a restart events of the look-back come again, those before are missing", "set stateDirectory");
            return file.Failure is { } failure
                ? new(row, StatusLevel.Degraded, failure, "make the directory writable for the agent, with room on its disk; until then a restart reads again from the last checkpoint")
                : new(row, StatusLevel.Ok, "written after what it tells of was delivered");
        }
    }

    /// <summary>Reads and delivers until it is told to stop; then writes what was delivered, and gives up what it made on the server.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Nobody can say when events of a clock were that has not been asked yet.
        while (!clock.IsReady && !cancellationToken.IsCancellationRequested)
            await Task.Delay(FirstPause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await Task.WhenAll(events.RunAsync(cancellationToken), tasks.RunAsync(cancellationToken), writer?.RunAsync(cancellationToken) ?? Task.CompletedTask);
        // What is not delivered by now is left to the next life: delivered after the checkpoint, it would come twice.
        intake.End();
        tasks.End();
        writer?.Write();
        await made.GiveUpAllAsync();
    }

    /// <summary>Writes the checkpoint, if there is anything new: also while the reading has not ended yet.</summary>
    public void Save() => writer?.Write();

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder) => series.Export(builder);
}
