using Observe.Collectors;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent.Tests.Peers;

/// <summary>A collector with the waits of one workload, each of which may have a span.</summary>
internal sealed class StallingCollector : ICollector
{
    private readonly Series series = new(
        MetricCatalog.RunqueueWait, new Resource([], [new("workload", "web"), new("workload_kind", "container"), new("workload_id", "0123456789ab")]), Now, []);

    private readonly ExemplarSlots slots = new();
    private readonly Lock gate = new();
    private readonly ulong[] cells = new ulong[ExponentialLayout.Cells];
    private double sum;
    private ulong count;

    public string Name => "stalling";

    public IEnumerable<ComponentStatus> Status => [];

    private static ulong Now => (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>Counts a wait that ended now.</summary>
    /// <param name="seconds">How long it was.</param>
    /// <param name="span">Its span, and with it its trace.</param>
    public Exemplar Wait(double seconds, ulong span)
    {
        lock (gate)
        {
            cells[Enumerable.Range(0, ExponentialLayout.Cells).First(cell => cell == ExponentialLayout.Cells - 1 || seconds <= ExponentialLayout.UpperBound(cell))]++;
            sum += seconds;
            count++;
            var exemplar = new Exemplar(seconds, Now, new UInt128(span, ~span), span);
            slots.Offer(exemplar).ShouldBeTrue();
            return exemplar;
        }
    }

    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        lock (gate)
            builder.AddHistogram(series, sum, count, cells, slots);
        return ValueTask.FromResult(CollectResult.Ok);
    }
}
