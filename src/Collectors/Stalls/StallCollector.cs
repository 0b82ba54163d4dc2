using Microsoft.Extensions.Logging;
using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Collectors.Sched;
using Observe.Collectors.Self;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Stalls;

/// <summary>
/// Stalls, as the kernel tells of them: puts them into the timeline, moves the thresholds with their number, and counts what
/// became of them. Looks by itself; between two looks nothing wakes it.
/// </summary>
public sealed partial class StallCollector : ICollector, IDisposable
{
    /// <summary>Between two looks into the ring, which has room for two seconds.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>Records come in the order of their ends, but for what two CPUs write at once, and a look late.</summary>
    private static readonly TimelineSourceOptions Arrival = new(Lateness: 500_000_000, MaxLateness: 5_000_000_000, IdleAfter: 1_000_000_000);

    private static readonly CollectResult NotTold = CollectResult.Failed("the ledger does not run, or the kernel refuses it with stalls");

    private readonly StallOptions options;
    private readonly SchedCollector sched;
    private readonly WorkloadRegistry registry;
    private readonly EventTimeline timeline;
    private readonly TimelineSource source;
    private readonly UnifiedClock clock;
    private readonly Resource host;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly LossCounter unreadable;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private Running? running;
    private bool disposed;

    /// <summary>Starts looking.</summary>
    /// <param name="options">What is told.</param>
    /// <param name="sched">Whose ledger tells it.</param>
    /// <param name="registry">Who a cgroup is.</param>
    /// <param name="timeline">Where stalls go, as the source <c>kernel</c>.</param>
    /// <param name="clock">Converts their times.</param>
    /// <param name="host">Whose the series are.</param>
    /// <param name="losses">Where records that could not be read are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where trouble goes.</param>
    public StallCollector(
        StallOptions options, SchedCollector sched, WorkloadRegistry registry, EventTimeline timeline, UnifiedClock clock, Resource host, LossCounters losses, TimeProvider time,
        ILogger<StallCollector> logger)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(time);
        this.options = options;
        this.sched = sched;
        this.registry = registry;
        this.timeline = timeline;
        this.clock = clock;
        this.host = host;
        this.time = time;
        this.logger = logger;
        source = timeline.Add("kernel", Arrival);
        unreadable = losses.Counter("stalls_unreadable");
        timer = time.CreateTimer(_ => Look(), null, Pace, Pace);
    }

    /// <inheritdoc/>
    public string Name => "stalls";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status
    {
        get
        {
            lock (gate)
            {
                return running is null
                    ? [new ComponentStatus("stalls", StatusLevel.Absent, "not told: see the ledger's own row")]
                    : [new ComponentStatus("stalls", StatusLevel.Ok, running.Describe())];
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (!TryStart())
                return ValueTask.FromResult(NotTold);
            running!.Take();
            running.Export(builder);
            return ValueTask.FromResult(CollectResult.Ok);
        }
    }

    /// <summary>Stops looking. To be called while the ledger is still there.</summary>
    public void Dispose()
    {
        timer.Dispose();
        lock (gate)
        {
            disposed = true;
            running?.Dispose();
            running = null;
        }
    }

    private bool TryStart()
    {
        if (running is not null)
            return true;
        if (disposed || sched.RunningLedger is not { Plan.Stalls: true } ledger)
            return false;
        running = new Running(this, ledger);
        return true;
    }

    private void Look()
    {
        // A collection that is under way does the same.
        if (!gate.TryEnter())
            return;
        try
        {
            if (TryStart())
            {
                running!.Take();
                running.Grant();
                running.Adapt();
            }
        }
        catch (Exception error)
        {
            // On a timer's thread an exception would end the agent; what was not taken stays in the ring.
            Log.LookFailed(logger, error.Message);
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>Whose a slot was when a stall was told.</summary>
    private Workload WorkloadOf(uint slot, ulong cgroup)
    {
        if (slot < LedgerWire.SlotFirst)
            return slot == LedgerWire.SlotKernel ? WorkloadRegistry.Kernel : slot == LedgerWire.SlotIdle ? WorkloadRegistry.Idle : WorkloadRegistry.Unattributed;
        if (registry.TryGet(cgroup, out var workload))
            return workload;
        sched.Notice(); // its cgroup is younger than the last look at the slots
        registry.TryGet(cgroup, out workload);
        return workload;
    }

    private static partial class Log
    {
        [LoggerMessage(150, LogLevel.Warning, "stalls could not be taken from the kernel: {Reason}", EventName = "StallLookFailed")]
        public static partial void LookFailed(ILogger logger, string reason);
    }
}
