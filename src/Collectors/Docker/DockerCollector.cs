using Microsoft.Extensions.Logging;
using Observe.Collectors.Docker.Api;
using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Collectors.Sched;
using Observe.Collectors.Self;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Docker;

/// <summary>
/// The container engine: who its containers are, what happens to them, what it counts of them. Follows it in the background, so
/// that a collection takes what is known and waits for nobody. An engine that is not there costs an attempt to connect from
/// time to time.
/// </summary>
public sealed partial class DockerCollector : ICollector, IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>Its socket is on this host: an attempt costs nothing, and containers that start with it get their names.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly DockerOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly DockerApi api;
    private readonly DockerContainers containers;
    private readonly DockerInspector inspector;
    private readonly DockerSampler sampler;
    private readonly DockerEvents events;
    private readonly EngineClock engineClock;
    private readonly DockerWatch watch;
    private readonly DockerSeries series;
    private readonly Backoff backoff;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task following;
    private volatile DockerState state = DockerState.Unknown;
    private long lostAt;
    private long connectedAt;

    /// <summary>Begins to follow the engine.</summary>
    /// <param name="options">Where it is and what is wanted.</param>
    /// <param name="registry">Who is told of names, and gives labels.</param>
    /// <param name="timeline">Where its events go.</param>
    /// <param name="sched">The ledger, to compare with; null if it is switched off.</param>
    /// <param name="clock">How far this host's clock may be from UTC.</param>
    /// <param name="host">Whose the series of the collector itself are.</param>
    /// <param name="losses">Where what is lost is counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where comings and goings of the engine go.</param>
    public DockerCollector(
        DockerOptions options, WorkloadRegistry registry, EventTimeline timeline, SchedCollector? sched, UnifiedClock clock, Resource host, LossCounters losses, TimeProvider time,
        ILogger<DockerCollector> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(timeline);
        ArgumentNullException.ThrowIfNull(losses);
        this.options = options;
        this.time = time;
        this.logger = logger;
        api = new DockerApi(options, time);
        containers = new DockerContainers(registry, options, () => sched?.RunningLedger is not null, losses, time);
        inspector = new DockerInspector(api, containers);
        engineClock = new EngineClock(api, clock, host, UnixNano.Now(time));
        sampler = new DockerSampler(api, containers, inspector, engineClock, options, sched, time);
        events = new DockerEvents(containers, timeline, engineClock, options.Endpoint.IsLocal, host, losses, time);
        watch = new DockerWatch(api, containers, inspector, events, engineClock);
        series = new DockerSeries(host, UnixNano.Now(time));
        backoff = new Backoff(FirstPause, LongestPause, LongestPause, time, new Random());
        following = Task.Run(() => FollowAsync(stopping.Token));
    }

    /// <inheritdoc/>
    public string Name => "docker";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status => [state.ToStatus()];

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var now = state;
        if (now.Level == StatusLevel.Absent)
            return new(ReferenceEquals(now, DockerState.Unknown) ? CollectResult.Ok : CollectResult.NoData(now.Detail));
        events.Export(builder);
        engineClock.Export(builder);
        series.Export(builder, api.Requests, containers.Count);
        // A restart of the engine makes no gap; one that stays away takes what it said with it.
        if (now.Level == StatusLevel.Ok || time.GetElapsedTime(Interlocked.Read(ref lostAt)) < options.Interval * 3)
            containers.Export(builder);
        return new(now.Level == StatusLevel.Ok ? CollectResult.Ok : CollectResult.Failed(now.Detail));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        sampler.Dispose();
        inspector.Dispose();
        api.Dispose();
        stopping.Dispose();
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            using var connection = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task<Exception?>? sampling = null;
            Exception? end = null;
            try
            {
                await watch.FollowAsync(() => sampling = Connected(connection), connection.Token).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                end = error;
            }
            await connection.CancelAsync().ConfigureAwait(false);
            if (sampling is not null)
                end = await sampling.ConfigureAwait(false) ?? end;
            if (cancellationToken.IsCancellationRequested)
                return;
            // Not as soon as it is connected: an event that cannot be read would come again at once, and again.
            if (state.Level == StatusLevel.Ok && time.GetElapsedTime(connectedAt) > 2 * LongestPause)
                backoff.Succeeded();
            Disconnected(end);
            backoff.Failed(null);
            await backoff.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<Exception?> Connected(CancellationTokenSource connection)
    {
        connectedAt = time.GetTimestamp();
        state = DockerState.Of(api, containers.Count);
        Log.Connected(logger, containers.Runtime, options.Endpoint.Text, api.Version.ToString(), containers.Count);
        return SampleAsync(connection);
    }

    /// <summary>Samples while it is connected.</summary>
    /// <returns>Why that ended, if it was not told to: then the connection ends too.</returns>
    private async Task<Exception?> SampleAsync(CancellationTokenSource connection)
    {
        try
        {
            await sampler.RunAsync(connection.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (connection.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception error)
        {
            await connection.CancelAsync().ConfigureAwait(false);
            return error;
        }
    }

    private void Disconnected(Exception? end)
    {
        var was = state;
        if (was.Level == StatusLevel.Ok)
            Interlocked.Exchange(ref lostAt, time.GetTimestamp());
        state = DockerState.After(end, options.Endpoint, was);
        if (was.Level == StatusLevel.Ok)
            Log.Lost(logger, options.Endpoint.Text, state.Detail);
    }

    private static partial class Log
    {
        [LoggerMessage(50, LogLevel.Information, "connected to {Runtime} at {Endpoint}, API {Version}: {Containers} containers", EventName = "DockerConnected")]
        public static partial void Connected(ILogger logger, string runtime, string endpoint, string version, int containers);

        [LoggerMessage(51, LogLevel.Warning, "lost the container engine at {Endpoint}: {Reason}; it is tried again from time to time", EventName = "DockerLost")]
        public static partial void Lost(ILogger logger, string endpoint, string reason);
    }
}
