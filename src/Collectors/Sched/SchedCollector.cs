using Microsoft.Extensions.Logging;
using Observe.Bpf;
using Observe.Collectors.Identity;
using Observe.Collectors.Stalls;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Sched;

/// <summary>
/// The scheduler ledger: where the time of every workload's threads goes. Starts the kernel side at its first
/// collection, and again after a while if the kernel refused it; between collections it takes back the slots of cgroups
/// that are gone, so that a storm of short-lived ones does not fill the tables.
/// </summary>
public sealed partial class SchedCollector : ICollector, IAttachesPrograms, IDisposable
{
    /// <summary>Time between two looks for slots to take back: at 1,000 cgroups a second this is a quarter of the smallest table.</summary>
    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(10);

    /// <summary>Why is said once, by the ledger's own row and log line.</summary>
    private static readonly CollectResult NotAttached = CollectResult.Failed("the ledger is not attached");

    private readonly SchedOptions options;
    private readonly string objectPath;
    private readonly LedgerHierarchy hierarchy;
    private readonly WorkloadRegistry registry;
    private readonly ExemplarStore exemplars;
    private readonly Resource host;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly List<string> refused = [];
    private readonly ITimer housekeeping;
    private Running? running;
    private string? failure;
    private string? remedy;
    private long retryAt;
    private TimeSpan retryAfter = FirstRetry;
    private bool disposed;

    /// <summary>Prepares; nothing is loaded until <see cref="Start"/> or the first collection.</summary>
    /// <param name="options">What the user wants.</param>
    /// <param name="objectPath">The compiled <c>ledger.bpf.o</c>.</param>
    /// <param name="cgroups">How cgroups are mounted: whether threads are told apart by the default hierarchy or by the v1 cpu controller's.</param>
    /// <param name="registry">Who a cgroup is; the collector tells it of births and deaths.</param>
    /// <param name="exemplars">Spans that tell of single waits and throttled spells.</param>
    /// <param name="host">Whose the per-CPU series are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where the start, refusals and recoveries go.</param>
    public SchedCollector(
        SchedOptions options, string objectPath, Cgroup.CgroupMode cgroups, WorkloadRegistry registry, ExemplarStore exemplars, Resource host, TimeProvider time, ILogger<SchedCollector> logger)
    {
        ArgumentNullException.ThrowIfNull(time);
        this.options = options;
        this.objectPath = objectPath;
        hierarchy = cgroups switch
        {
            Cgroup.CgroupMode.Legacy => LedgerHierarchy.V1,
            Cgroup.CgroupMode.Hybrid => LedgerHierarchy.Hybrid,
            _ => LedgerHierarchy.V2, // also where no mount is to be seen: the kernel has the hierarchy all the same
        };
        this.registry = registry;
        this.exemplars = exemplars;
        this.host = host;
        this.time = time;
        this.logger = logger;
        housekeeping = time.CreateTimer(_ => KeepHouse(), null, HousekeepingInterval, HousekeepingInterval);
    }

    /// <inheritdoc/>
    public string Name => "sched";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status
    {
        get
        {
            lock (gate)
                return [.. Describe()];
        }
    }

    /// <inheritdoc/>
    public bool IsWaitingToAttach => RunningLedger is null;

    /// <summary>The ledger while it runs, for what is loaded beside it; else null.</summary>
    internal Ledger? RunningLedger
    {
        get
        {
            lock (gate)
                return running?.Ledger;
        }
    }

    /// <summary>Loads and attaches the kernel side now, if it does not run yet and no retry is being waited for.</summary>
    /// <returns>Whether it runs.</returns>
    public bool Start()
    {
        lock (gate)
            return TryStart();
    }

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        lock (gate)
        {
            if (!TryStart())
                return ValueTask.FromResult(NotAttached);
            running!.Export(builder);
            return ValueTask.FromResult(CollectResult.Ok);
        }
    }

    /// <summary>Reads one workload on its own, at the cost of some microseconds.</summary>
    /// <param name="labels">Whose.</param>
    /// <param name="reading">Its time now.</param>
    /// <returns>Whether the ledger has it.</returns>
    internal bool TryRead(WorkloadLabels labels, out LedgerReading reading)
    {
        lock (gate)
        {
            reading = default;
            return running is not null && running.TryRead(labels, out reading);
        }
    }

    /// <summary>Reads what all threads of the host have waited so far, at a cost that goes with accounts times CPUs.</summary>
    /// <param name="totals">Set to it.</param>
    /// <param name="atMonotonic">When, ns of CLOCK_MONOTONIC.</param>
    /// <returns>Whether the ledger runs.</returns>
    internal bool TryReadWaits(Migrations.WaitTotals totals, out long atMonotonic)
    {
        lock (gate)
        {
            atMonotonic = 0;
            return running is not null && running.TryReadWaits(totals, out atMonotonic);
        }
    }

    /// <summary>Takes notice of cgroups that have threads since a moment ago, at once.</summary>
    internal void Notice()
    {
        lock (gate)
            running?.KeepHouse();
    }

    /// <summary>Detaches and unloads: nothing is left in the kernel.</summary>
    public void Dispose()
    {
        housekeeping.Dispose();
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
        ObjectDisposedException.ThrowIf(disposed, this);
        if (failure is not null && time.GetTimestamp() < retryAt)
            return false;
        refused.Clear();
        try
        {
            running = new Running(Ledger.Start(objectPath, options, hierarchy, refused), options, registry, exemplars, host, time);
            (failure, remedy) = (null, null);
            Log.Started(logger, running.Ledger.Plan.ToString(), running.Ledger.Size.Slots, running.Ledger.Size.Cpus);
            foreach (var refusal in refused)
                Log.Refused(logger, refusal);
            return true;
        }
        catch (Exception error)
        {
            (failure, remedy) = Explain(error);
            retryAt = time.GetTimestamp() + (long)(retryAfter.TotalSeconds * time.TimestampFrequency);
            Log.Failed(logger, failure, remedy);
            Log.FailedInFull(logger, error);
            retryAfter = retryAfter * 2 < LastRetry ? retryAfter * 2 : LastRetry;
            return false;
        }
    }

    private static (string Cause, string Remedy) Explain(Exception error) => error switch
    {
        BpfException { Remedy: { } known } refusal => (refusal.Cause, known),
        BpfException refusal => (refusal.Cause, "report this, with what 'observe run --set log.level=debug' says"),
        NotSupportedException => (error.Message, "use a kernel with CONFIG_SCHED_INFO=y, as all major distributions' have"),
        _ => ($"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}", "report this as a bug, with what 'observe run --set log.level=debug' says"),
    };

    private void KeepHouse()
    {
        // A collection that is under way does the same.
        if (!gate.TryEnter())
            return;
        try
        {
            running?.KeepHouse();
        }
        catch (Exception error)
        {
            // On a timer's thread an exception would end the agent; the next collection meets the same trouble and reports it.
            Log.HousekeepingFailed(logger, error.Message);
        }
        finally
        {
            gate.Exit();
        }
    }

    private IEnumerable<ComponentStatus> Describe()
    {
        if (running is null)
        {
            if (failure is not null)
                yield return new ComponentStatus("ledger", StatusLevel.Failed, failure, remedy);
            else
                yield return new ComponentStatus("ledger", StatusLevel.Degraded, "not started yet", "wait for the first collection");
            yield break;
        }
        var plan = running.Ledger.Plan;
        var traits = running.Ledger.Traits;
        yield return new ComponentStatus("ledger", StatusLevel.Ok, $"{plan}, {running.Ledger.Size.Slots} slots on {running.Ledger.Size.Cpus} CPUs, {LedgerText.Of(hierarchy)}");
        foreach (var refusal in refused)
            yield return new ComponentStatus("ledger variant", StatusLevel.Absent, $"refused: {refusal}");
        if (plan.Throttle == LedgerThrottle.Unknown && options.Throttle != ThrottleMethod.Off)
            yield return new ComponentStatus("throttled time", StatusLevel.Degraded, "cannot be told from waiting on this kernel: observe_thread_time_seconds_total has no state=\"throttled\"", "allow fentry or kprobes, or use a kernel from 6.6 on");
        if (!plan.Stalls && options.Stalls.Enabled)
            yield return new ComponentStatus("stalls", StatusLevel.Degraded, "this kernel refuses the ledger with them: no stalls, and no observe_delay_seconds_total", "report this, with the row 'ledger variant'");
        yield return new ComponentStatus("irq time", traits.TracksIrq ? StatusLevel.Ok : StatusLevel.Absent, traits.TracksIrq ? "carved out of running" : "not tracked by this kernel (CONFIG_IRQ_TIME_ACCOUNTING): part of running");
        yield return new ComponentStatus("steal time", traits.TracksSteal ? StatusLevel.Ok : StatusLevel.Absent, traits.TracksSteal ? "carved out of running" : "not tracked by this kernel (CONFIG_PARAVIRT_TIME_ACCOUNTING): part of running");
        foreach (var program in running.Ledger.Programs)
            yield return new ComponentStatus($"program {program.Name}", StatusLevel.Ok, $"attached to {program.Hook}");
    }

    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Information, "ledger attached: {Plan}; {Slots} slots on {Cpus} CPUs", EventName = "LedgerStarted")]
        public static partial void Started(ILogger logger, string plan, int slots, int cpus);

        [LoggerMessage(21, LogLevel.Warning, "the kernel refused a better variant of the ledger: {Refusal}", EventName = "LedgerVariantRefused")]
        public static partial void Refused(ILogger logger, string refusal);

        // Without the time of the next try: the same trouble must read the same, or it would be logged more than once a minute.
        [LoggerMessage(24, LogLevel.Warning, "slots of removed cgroups could not be taken back: {Reason}", EventName = "LedgerHousekeepingFailed")]
        public static partial void HousekeepingFailed(ILogger logger, string reason);

        [LoggerMessage(22, LogLevel.Error, "ledger not attached: {Reason}; {Remedy} (tried again from time to time)", EventName = "LedgerFailed")]
        public static partial void Failed(ILogger logger, string reason, string remedy);

        [LoggerMessage(23, LogLevel.Debug, "what was said when the ledger was not attached", EventName = "LedgerFailedInFull")]
        public static partial void FailedInFull(ILogger logger, Exception error);
    }
}
