using Observe.Collectors;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent.Tests.Http;

/// <summary>A collector with a number of series, which waits as long as a test wants.</summary>
internal sealed class FakeCollector(int series = 1) : ICollector
{
    private readonly Series[] all = [.. Enumerable.Range(0, series).Select(each => new Series(MetricCatalog.MapEntries, new Resource([], []), 0, [$"map_{each}"]))];
    private int calls;

    public string Name => "fake";

    public int Calls => Volatile.Read(ref calls);

    public Task Gate { get; set; } = Task.CompletedTask;

    public IEnumerable<ComponentStatus> Status { get; set; } = [];

    public async ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref calls);
        await Gate.WaitAsync(cancellationToken);
        for (var i = 0; i < all.Length; i++)
            builder.Add(all[i], i);
        return CollectResult.Ok;
    }
}
