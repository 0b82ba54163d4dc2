using Microsoft.Extensions.Logging;
using Observe.Collectors.Self;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Running;

/// <summary>
/// Runs every collector of a list into one snapshot, side by side. Each is timed, caught, cut off when its time is up and
/// reported; none can take down or hold up another for longer than the timeout.
/// </summary>
public sealed class CollectorRunner
{
    /// <summary>How long collectors may take to notice that the agent stops before they are left behind.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(500);

    private readonly RunningCollector[] collectors;
    private readonly CollectorLog log;
    private readonly SnapshotBuilder builder;
    private readonly TimeSpan timeout;
    private readonly TimeProvider time;
    private readonly LossCounter cutOffs;

    /// <summary>Prepares the collectors; nothing runs until <see cref="CollectAsync"/>.</summary>
    /// <param name="collectors">The collectors, in the order in which their points appear.</param>
    /// <param name="catalog">The metrics that may be exported.</param>
    /// <param name="host">Whose the runner's own series are.</param>
    /// <param name="timeout">How long one collector may take.</param>
    /// <param name="losses">Where cut-off collections are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures and recoveries go, each collector's at most once a minute.</param>
    public CollectorRunner(
        IReadOnlyList<ICollector> collectors,
        IReadOnlyList<MetricDescriptor> catalog,
        Resource host,
        TimeSpan timeout,
        LossCounters losses,
        TimeProvider time,
        ILogger<CollectorRunner> logger)
    {
        ArgumentNullException.ThrowIfNull(losses);
        this.timeout = timeout;
        this.time = time;
        var now = UnixNano.Now(time);
        this.collectors = [.. collectors.Select(each => new RunningCollector(each, catalog, host, now, time))];
        log = new CollectorLog(logger, time, this.collectors.Length);
        builder = new SnapshotBuilder(catalog, new SnapshotPool());
        cutOffs = losses.Counter("collection_cut_off");
    }

    /// <summary>How each collector and each of its parts fares.</summary>
    public IEnumerable<ComponentStatus> Status => collectors.SelectMany(each => each.Parts.Prepend(StatusOf(each)));

    /// <summary>One round of all collectors. One call at a time: callers that may overlap share one round among them.</summary>
    /// <param name="cancellationToken">Cancelled when the agent stops.</param>
    /// <returns>The snapshot, with one reader's hold on it, stamped with the end of the round.</returns>
    public async Task<MetricSnapshot.Lease> CollectAsync(CancellationToken cancellationToken)
    {
        var round = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (var each in collectors)
            each.Begin(round.Token);

        var all = Task.WhenAll(collectors.Where(each => !each.Hangs).Select(each => each.Completion));
        if (await CompletesAsync(all, timeout, cancellationToken).ConfigureAwait(false))
        {
            round.Dispose();
        }
        else
        {
            // Not awaited: what a collector registered on its token may hang as well.
            _ = CancelAndDisposeAsync(round);
            if (cancellationToken.IsCancellationRequested)
                await CompletesAsync(all, StopGrace, CancellationToken.None).ConfigureAwait(false);
        }

        for (var i = 0; i < collectors.Length; i++)
        {
            if (collectors[i].Finish(builder, timeout))
                cutOffs.Add();
            log.Report(i, collectors[i].Name, collectors[i].LastResult!.Value);
        }
        var lease = builder.Build(UnixNano.Now(time));
        if (!cancellationToken.IsCancellationRequested)
            return lease;
        lease.Dispose();
        throw new OperationCanceledException(cancellationToken);
    }

    private async Task<bool> CompletesAsync(Task all, TimeSpan within, CancellationToken cancellationToken)
    {
        if (all.IsCompleted)
            return true;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(all, Task.Delay(within, time, deadline.Token)).ConfigureAwait(false);
        await deadline.CancelAsync().ConfigureAwait(false);
        return first == all;
    }

    private static async Task CancelAndDisposeAsync(CancellationTokenSource round)
    {
        using (round)
            await round.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static ComponentStatus StatusOf(RunningCollector collector)
    {
        var component = $"collector {collector.Name}";
        return collector.LastResult switch
        {
            null => new ComponentStatus(component, StatusLevel.Ok, "not asked yet"),
            { Succeeded: true, Reason: null } => new ComponentStatus(component, StatusLevel.Ok, "collecting"),
            { Succeeded: true, Reason: { } reason } => new ComponentStatus(component, StatusLevel.Absent, reason),
            // The rest goes on without it, so it is not the agent that fails.
            { Reason: var reason } => new ComponentStatus(component, StatusLevel.Degraded, reason ?? "failed without a reason", "see the log; it is asked again at every collection"),
        };
    }

}
