using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.Running;

/// <summary>A collector that does what a test tells it, after adding one point of its own.</summary>
internal sealed class ScriptedCollector(string name, Func<CancellationToken, ValueTask<CollectResult>> act) : ICollector
{
    private static readonly Resource Host = new([], []);
    private readonly Series series = new(MetricCatalog.Lost, Host, 0, [name]);
    private int calls;

    public string Name { get; } = name;

    public int Calls => Volatile.Read(ref calls);

    public IEnumerable<ComponentStatus> Status { get; init; } = [];

    public static ScriptedCollector Working(string name) => new(name, _ => new(CollectResult.Ok));

    public async ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        builder.Add(series, Interlocked.Increment(ref calls));
        return await act(cancellationToken);
    }
}
