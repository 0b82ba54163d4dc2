using Microsoft.Extensions.Logging;
using Observe.Collectors.Events;
using Observe.Collectors.Self;
using Observe.Collectors.VCenter.Clock;
using Observe.Collectors.VCenter.Events;
using Observe.Collectors.VCenter.Inventory;
using Observe.Collectors.VCenter.Performance;
using Observe.Collectors.VCenter.Session;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.VCenter;

/// <summary>One vCenter or ESXi host: a session, and the four that share it, each of which goes on when another fails.</summary>
internal sealed partial class VCenterInstance : IAsyncDisposable
{
    /// <summary>After an error that nobody foresaw.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>For the checkpoint to be written after the last answer; with the logout it stays within what a stop may take.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromMilliseconds(500);

    private readonly VCenterSession session;
    private readonly VCenterClock clock;
    private readonly VCenterInventory inventory;
    private readonly PerformanceCollector performance;
    private readonly VCenterEvents events;
    private readonly ApiSeries api;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    /// <summary>Begins to follow it.</summary>
    /// <param name="endpoint">Where it is.</param>
    /// <param name="options">How.</param>
    /// <param name="timeline">Where its events go.</param>
    /// <param name="queue">Where its samples wait to be pushed.</param>
    /// <param name="utc">How far this host's clock may be from UTC.</param>
    /// <param name="host">Whose the series of following it are.</param>
    /// <param name="losses">Where what is lost is counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where its comings and goings go.</param>
    public VCenterInstance(
        VCenterEndpoint endpoint, VCenterOptions options, EventTimeline timeline, SampleQueue queue, UnifiedClock utc, Resource host, LossCounters losses, TimeProvider time, ILogger logger)
    {
        this.time = time;
        this.logger = logger;
        Name = endpoint.Name;
        var start = UnixNano.Now(time);
        session = new VCenterSession(endpoint, options, time, logger);
        api = new ApiSeries(session, host, start);
        clock = new VCenterClock(Name, session, () => session.Delays, utc, host, start, time);
        inventory = new VCenterInventory(Name, session, new InventoryOptions(), host, losses, time, logger);
        performance = new PerformanceCollector(Name, options.Performance, session, inventory, clock, queue, host, losses, time, logger);
        events = new VCenterEvents(new EventOptions(Name, options.StateDirectory), session, clock, inventory, timeline, host, losses, time, logger);
        running = Task.WhenAll(
            KeepRunningAsync("clock", clock.RunAsync), KeepRunningAsync("inventory", inventory.RunAsync),
            KeepRunningAsync("performance", options.Performance.Enabled ? performance.RunAsync : static _ => Task.CompletedTask),
            KeepRunningAsync("events", events.RunAsync));
    }

    /// <summary>The endpoint's name.</summary>
    public string Name { get; }

    /// <summary>What it manages.</summary>
    public IVCenterInventory Inventory => inventory;

    /// <summary>How its parts fare.</summary>
    public IEnumerable<ComponentStatus> Status => [SessionStatus, inventory.Status, performance.Status, .. events.Status];

    /// <summary>Why it cannot be asked at present; null if it can, or need not be.</summary>
    public string? Failure => session.Failure?.Message;

    private ComponentStatus SessionStatus
    {
        get
        {
            var component = $"vcenter {Name}";
            if (session.Failure is { } failure)
                return new(component, StatusLevel.Degraded, failure.Message, failure.Remedy);
            return session.Content?.About is { } about && session.IsEstablished
                ? new(component, StatusLevel.Ok, about.FullName)
                : new(component, StatusLevel.Absent, "not logged in yet");
        }
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        api.Export(builder);
        clock.Export(builder);
        inventory.Export(builder);
        performance.Export(builder);
        events.Export(builder);
    }

    /// <summary>Stops all of it, and logs out, which takes with it what the parts made on the server.</summary>
    public async ValueTask DisposeAsync()
    {
        // First of all: what the parts would give up one by one, each in its time, is not asked for any more.
        var ended = session.DisposeAsync();
        await stopping.CancelAsync().ConfigureAwait(false);
        await ended.ConfigureAwait(false);
        // They have nothing to wait for; a sink or a disk that hangs holds up no stop all the same. Not disposed of: what hangs still looks at it.
        await running.WaitAsync(StopWithin, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        events.Save();
    }

    /// <summary>Each part handles what may go wrong itself; what nobody foresaw costs it a pause, and no other part anything.</summary>
    private async Task KeepRunningAsync(string part, Func<CancellationToken, Task> run)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Run(() => run(stopping.Token), stopping.Token).ConfigureAwait(false);
                return;
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                Log.PartFailed(logger, part, Name, Pause.TotalSeconds, error);
            }
            await Task.Delay(Pause, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(60, LogLevel.Error, "{Part} of vCenter {VCenter} stopped unexpectedly and begins anew in {Seconds} s; report this as a bug", EventName = "VCenterPartFailed")]
        public static partial void PartFailed(ILogger logger, string part, string vCenter, double seconds, Exception error);
    }
}
