using Observe.Collectors.Events;
using Observe.Collectors.Migrations;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces.Containers;
using Observe.Collectors.Traces.Migrations;
using Observe.Collectors.Traces.Operations;
using Observe.Collectors.Traces.Pods;
using Observe.Collectors.Traces.Stalls;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Traces;

/// <summary>
/// Makes spans of events: what belongs together becomes one, and what lies in something else for certain hangs beneath it. Knows no
/// clock and no exporter; one thread at a time.
/// </summary>
internal sealed class SpanCorrelator
{
    private readonly OperationBook operations;
    private readonly Adoption adoption;
    private readonly ContainerBook containers;
    private readonly PodBook pods;
    private readonly StallSpans stalls;
    private readonly MigrationSpans migrations;

    /// <summary>Knows nothing yet.</summary>
    /// <param name="identity">Which host this is.</param>
    /// <param name="location">Which virtual machine it is.</param>
    /// <param name="timings">How long is waited.</param>
    /// <param name="emit">Where spans go.</param>
    /// <param name="observers">Who is told of stalls' spans.</param>
    /// <param name="losses">Where what finds no room is counted.</param>
    /// <param name="watch">What is known of migrations of this machine; told what becomes of them.</param>
    public SpanCorrelator(
        HostIdentity identity, GuestLocation location, TraceTimings timings, Action<ObservedSpan> emit, IReadOnlyList<IStallObserver> observers, LossCounters losses, MigrationWatch watch)
    {
        operations = new OperationBook(location, timings, emit, losses) { Exported = Exported };
        adoption = new Adoption(operations, timings, losses);
        containers = new ContainerBook(identity.HostId, new ContainerSpans(adoption, emit), timings, losses);
        pods = new PodBook(adoption, emit, losses);
        migrations = new MigrationSpans(identity, adoption, watch, emit);
        stalls = new StallSpans(identity.HostId, identity.BootId, adoption, emit, observers, migrations.BlackoutIn);
    }

    /// <summary>Operations, containers and spans that are held.</summary>
    public (int Operations, int Containers, int Held) Count => (operations.Count, containers.Count, adoption.Count);

    /// <summary>Takes an event in.</summary>
    /// <param name="each">The event.</param>
    /// <param name="now">A moment of a clock that only goes on.</param>
    public void Take(in TimelineEvent<ObservedEvent> each, TimeSpan now)
    {
        if (each.What is Stall stall)
        {
            stalls.Take(stall, each.Key, now);
            return;
        }
        if (each.What is GuestBlackout blackout)
        {
            migrations.Take(blackout, each.Key, now);
            return;
        }
        operations.Take(each.What, each.When, now);
        containers.Take(each.What, each.When, now);
        pods.Take(each.What, each.When, now);
    }

    /// <summary>Exports what is over, and has been for long enough.</summary>
    /// <param name="now">A moment of the same clock.</param>
    /// <param name="isEnding">Whether there will be no other.</param>
    public void Advance(TimeSpan now, bool isEnding = false)
    {
        operations.Advance(now, isEnding);
        containers.Advance(now, isEnding);
        adoption.Advance(now, isEnding);
        migrations.Advance(now, isEnding);
    }

    private void Exported(Operation operation, TimeSpan now)
    {
        if (operation.IsMigration && operations.IsOfThisMachine(operation))
            migrations.Migrated(operation, now);
    }
}
