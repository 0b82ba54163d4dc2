using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Running;

/// <summary>
/// One collector as the runner sees it. It collects into a builder of its own, so that whatever it does after its
/// time is up, or half of what it did before it threw, never reaches a snapshot that others read.
/// </summary>
internal sealed class RunningCollector
{
    private readonly ICollector collector;
    private readonly TimeProvider time;
    private readonly SnapshotBuilder staging;
    private readonly Series success;
    private readonly Series duration;
    private Task<Turn>? turn;
    private long startedAt;

    public RunningCollector(ICollector collector, IReadOnlyList<MetricDescriptor> catalog, Resource host, ulong startTimeUnixNano, TimeProvider time)
    {
        this.collector = collector;
        this.time = time;
        staging = new SnapshotBuilder(catalog, new SnapshotPool());
        success = new Series(MetricCatalog.CollectorSuccess, host, startTimeUnixNano, [collector.Name]);
        duration = new Series(MetricCatalog.CollectorDuration, host, startTimeUnixNano, [collector.Name]);
    }

    /// <summary>What the runner knows about the last round; null before the first.</summary>
    public CollectResult? LastResult { get; private set; }

    public string Name => collector.Name;

    /// <summary>The turn under way or just over; completed if there is none. Never faults.</summary>
    public Task Completion => turn ?? Task.CompletedTask;

    /// <summary>True while an earlier turn that was cut off still has not come back.</summary>
    public bool Hangs { get; private set; }

    public IEnumerable<ComponentStatus> Parts
    {
        get
        {
            try
            {
                return [.. collector.Status];
            }
            catch (Exception error)
            {
                return [new ComponentStatus(Name, StatusLevel.Failed, $"cannot report its status: {error.GetType().Name}: {error.Message}", "report this as a bug")];
            }
        }
    }

    /// <summary>Starts a turn on the thread pool, unless the last one still hangs.</summary>
    public void Begin(CancellationToken cancellationToken)
    {
        if (Hangs && !Completion.IsCompleted)
            return;
        if (Hangs)
        {
            Hangs = false;
            staging.Clear();
        }
        startedAt = time.GetTimestamp();
        turn = Task.Run(() => CollectAsync(cancellationToken), CancellationToken.None);
    }

    /// <summary>Ends the round for this collector: its points, if it came back with a result, and how it went.</summary>
    /// <returns>True if the collector was cut off in this very round.</returns>
    public bool Finish(SnapshotBuilder builder, TimeSpan timeout)
    {
        if (turn is not { IsCompletedSuccessfully: true })
        {
            var cutOff = !Hangs;
            Hangs = true;
            var stuck = time.GetElapsedTime(startedAt);
            LastResult = CollectResult.Failed($"no answer within {timeout.TotalSeconds:0.###} s; its values are left out and it is not asked again until it comes back");
            Report(builder, succeeded: false, stuck);
            return cutOff;
        }
        var (result, elapsed, threw) = turn.Result;
        if (threw)
            staging.Clear();
        else
            staging.MoveTo(builder);
        LastResult = result;
        Report(builder, result.Succeeded, elapsed);
        return false;
    }

    private void Report(SnapshotBuilder builder, bool succeeded, TimeSpan elapsed)
    {
        builder.Add(success, succeeded ? 1 : 0);
        builder.Add(duration, elapsed.TotalSeconds);
    }

    private async Task<Turn> CollectAsync(CancellationToken cancellationToken)
    {
        try
        {
            var result = await collector.CollectAsync(staging, cancellationToken).ConfigureAwait(false);
            return new Turn(result, time.GetElapsedTime(startedAt), Threw: false);
        }
        catch (Exception error)
        {
            var result = CollectResult.Failed($"{error.GetType().Name}: {error.Message}");
            return new Turn(result, time.GetElapsedTime(startedAt), Threw: true);
        }
    }

    private readonly record struct Turn(CollectResult Result, TimeSpan Elapsed, bool Threw);
}
