using Observe.Collectors;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent.Tests.Live;

/// <summary>A collector of workloads whose threads do the same all the time: so many of them in each state.</summary>
internal sealed class LedgerOf(TimeProvider time) : ICollector
{
    private readonly List<(Series Series, double Rate)> all = [];
    private readonly DateTimeOffset start = time.GetUtcNow();
    private int calls;

    public string Name => "ledger of a test";

    public int Calls => Volatile.Read(ref calls);

    public IEnumerable<ComponentStatus> Status => [];

    /// <summary>Adds a workload.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="id">Its id.</param>
    /// <param name="name">Its name.</param>
    /// <param name="rates">Mean number of threads by state.</param>
    public LedgerOf With(string kind, string id, string name, params (string State, double Rate)[] rates)
    {
        var resource = new Resource([], [new("workload", name), new("workload_kind", kind), new("workload_id", id)]);
        foreach (var (state, rate) in rates)
        {
            var series = state.StartsWith("vcpu_", StringComparison.Ordinal)
                ? new Series(MetricCatalog.VcpuTime, resource, Nano(start), [name, "0", state[5..]])
                : new Series(MetricCatalog.ThreadTime, resource, Nano(start), [state]);
            all.Add((series, rate));
        }
        return this;
    }

    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref calls);
        foreach (var (series, rate) in all)
            builder.Add(series, rate * (time.GetUtcNow() - start).TotalSeconds);
        return ValueTask.FromResult(CollectResult.Ok);
    }

    internal static ulong Nano(DateTimeOffset moment) => (ulong)(moment - DateTimeOffset.UnixEpoch).Ticks * 100;
}
