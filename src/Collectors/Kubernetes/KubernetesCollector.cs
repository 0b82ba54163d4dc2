using Microsoft.Extensions.Logging;
using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Collectors.Kubernetes.Api;
using Observe.Collectors.Self;
using Observe.Collectors.Time;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Kubernetes;

/// <summary>
/// Follows the pods of this node at the Kubernetes API server and tells the registry what they and their containers are called.
/// What it learnt stands while the API server is away (docs/kubernetes.md).
/// </summary>
public sealed class KubernetesCollector : ICollector, IDisposable
{
    /// <summary>How long the end of the requests under way is waited for.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(1);

    private readonly ClusterAccess access;
    private readonly Resource host;
    private readonly ulong start;
    private readonly ApiRequests requests = new();
    private readonly WatchEvents events = new();
    private readonly Series pods;
    private readonly Series lastSync;
    private readonly Series[] ofEvents;
    private readonly Dictionary<(string Verb, string Code), Series> ofRequests = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly PodApi api;
    private readonly PodWatch watch;
    private readonly RemoteClock? serverClock;
    private readonly Task running;

    /// <summary>Begins to follow the pods, in the background.</summary>
    /// <param name="options">Where and which.</param>
    /// <param name="environment">Value of an environment variable; null if it is not set.</param>
    /// <param name="registry">Who is told.</param>
    /// <param name="host">Whose the series are.</param>
    /// <param name="losses">Where pods beyond the bound are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it says when it begins and fails to follow.</param>
    /// <param name="timeline">Where what happens to pods goes.</param>
    /// <param name="clock">This host's clock.</param>
    public KubernetesCollector(
        KubernetesOptions options, Func<string, string?> environment, WorkloadRegistry registry, Resource host, LossCounters losses, TimeProvider time,
        ILogger<KubernetesCollector> logger, EventTimeline timeline, UnifiedClock clock)
        : this(options, environment, registry, host, losses, time, logger, new WatchTimings(), timeline, clock)
    {
    }

    /// <summary>The same with other timings, and if need be without a timeline.</summary>
    internal KubernetesCollector(
        KubernetesOptions options, Func<string, string?> environment, WorkloadRegistry registry, Resource host, LossCounters losses, TimeProvider time,
        ILogger<KubernetesCollector> logger, WatchTimings timings, EventTimeline? timeline = null, UnifiedClock? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(losses);
        access = ClusterAccess.Of(options, environment);
        this.host = host;
        start = UnixNano.Now(time);
        pods = new Series(MetricCatalog.KubernetesPods, host, start, []);
        lastSync = new Series(MetricCatalog.KubernetesLastSync, host, start, []);
        ofEvents = [.. WatchEvents.Types.Select(type => new Series(MetricCatalog.KubernetesWatchEvents, host, start, [type]))];
        var source = registry.AddSource(IdentityRank.Kubernetes, identity => identity.Attribute("k8s.pod.uid") is not null);
        var table = new PodTable(source, new PodFacts(access.Node, options.Labels), losses.Counter("kubernetes_pods_full"));
        serverClock = clock is null ? null : new RemoteClock("kubernetes", clock, host, start);
        api = new PodApi(access, timings, requests, time, serverClock);
        var lifecycle = timeline is null || clock is null || serverClock is null ? null : new PodLifecycle(timeline, serverClock, clock, access.Node, time);
        watch = new PodWatch(api, table, timings, events, time, logger, lifecycle);
        running = Task.Run(() => watch.RunAsync(stopping.Token));
    }

    /// <inheritdoc/>
    public string Name => "kubernetes";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status => [SyncRow.Of(watch.State, access)];

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        requests.Visit((Collector: this, Builder: builder), static (state, kind, count) => state.Builder.Add(state.Collector.SeriesOf(kind), count));
        for (var i = 0; i < ofEvents.Length; i++)
            builder.Add(ofEvents[i], events[i]);
        serverClock?.Export(builder);
        var now = watch.State;
        if (now.Pods is { } known)
            builder.Add(pods, known);
        if (now.LastSync is { } moment)
            builder.Add(lastSync, moment.ToUnixTimeMilliseconds() / 1e3);
        return new(now switch
        {
            { Failure: { } failure } => CollectResult.Failed($"{failure.Message}; {failure.Remedy}"),
            { Follows: false } => CollectResult.NoData("the API server has not answered yet"),
            _ => CollectResult.Ok,
        });
    }

    /// <summary>Stops following. What was told stands.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        // It ends cancelled, which is no news.
        Task.WhenAny(running, Task.Delay(StopWithin)).GetAwaiter().GetResult();
        api.Dispose();
        stopping.Dispose();
    }

    private Series SeriesOf((string Verb, string Code) kind)
    {
        if (!ofRequests.TryGetValue(kind, out var series))
            ofRequests.Add(kind, series = new Series(MetricCatalog.KubernetesRequests, host, start, [kind.Verb, kind.Code]));
        return series;
    }
}
