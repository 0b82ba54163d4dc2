using Observe.Collectors.Identity;
using Observe.Collectors.Stalls;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Sched;

/// <summary>
/// What a workload has run up in all its slots, those that are gone included, and the series it is exported as. Made
/// once a workload; a collection allocates nothing for it.
/// </summary>
internal sealed class WorkloadAccount
{
    private static readonly int ExportedStates = Enum.GetValues<ThreadTimeState>().Length;
    private readonly long[] exported = new long[ExportedStates];
    private readonly Func<WorkloadSeries> makeSeries;
    private readonly WorkloadExemplars exemplars;
    private readonly Func<DelayAccount> makeDelays;
    private WorkloadSeries? series;

    /// <summary>Opens an account.</summary>
    /// <param name="workload">Whose it is.</param>
    /// <param name="exemplars">Spans and verdicts of its stalls.</param>
    /// <param name="traits">What the kernel tracks: what it does not is not exported.</param>
    /// <param name="throttle">Whether throttled time is known.</param>
    /// <param name="startTimeUnixNano">Since when it accumulates.</param>
    /// <param name="makeDelays">Makes the account of who made it wait.</param>
    public WorkloadAccount(
        Workload workload, WorkloadExemplars exemplars, KernelTraits traits, LedgerThrottle throttle, ulong startTimeUnixNano, Func<DelayAccount> makeDelays)
    {
        Workload = workload;
        this.exemplars = exemplars;
        this.makeDelays = makeDelays;
        makeSeries = () => new WorkloadSeries(workload, traits, throttle, startTimeUnixNano);
    }

    /// <summary>Whose it is.</summary>
    public Workload Workload { get; }

    /// <summary>Slots it has now.</summary>
    public int Slots { get; set; }

    /// <summary>What its slots of the past had run up when they were taken back; null while there are none.</summary>
    public LedgerTotals? Closed { get; private set; }

    /// <summary>The whole, as of this collection.</summary>
    public LedgerTotals Sum { get; } = new();

    /// <summary>Cgroups of it that are gone but stand for its name until it has been exported once more.</summary>
    public List<CgroupKey> Departed { get; } = [];

    /// <summary>Who made it wait; null while nobody has for long enough.</summary>
    public DelayAccount? Delays { get; private set; }

    /// <summary>Begins a collection.</summary>
    public void BeginSum()
    {
        if (Closed is { } closed)
            Sum.Set(closed);
        else
            Sum.Clear();
    }

    /// <summary>What its slots of the past had run up, made now if there were none yet.</summary>
    public LedgerTotals ClosedToFill() => Closed ??= new LedgerTotals();

    /// <summary>Who made it wait, made now if there was nothing yet.</summary>
    public DelayAccount DelaysToFill() => Delays ??= makeDelays();

    /// <summary>Adds its points.</summary>
    /// <param name="builder">Where they go.</param>
    public void Export(SnapshotBuilder builder)
    {
        series ??= makeSeries();
        var time = Sum.Time;
        Add(builder, series, ThreadTimeState.Running, time[(int)LedgerState.Running] - Sum.Irq - Sum.Steal);
        Add(builder, series, ThreadTimeState.Irq, Sum.Irq);
        Add(builder, series, ThreadTimeState.Steal, Sum.Steal);
        Add(builder, series, ThreadTimeState.Waiting, time[(int)LedgerState.Waiting]);
        Add(builder, series, ThreadTimeState.Throttled, time[(int)LedgerState.Throttled]);
        Add(builder, series, ThreadTimeState.Blocked, time[(int)LedgerState.Blocked]);
        Add(builder, series, ThreadTimeState.Sleeping, time[(int)LedgerState.Sleeping]);
        builder.AddHistogram(series.Waits, Seconds(Sum.WaitSum), Total(Sum.Waits), Sum.Waits, exemplars.Waits);
        if (Sum.Spells is { } spells)
            builder.AddHistogram(series.Spells, Seconds(Sum.SpellSum), Total(spells), spells, exemplars.Throttles);
        builder.Add(series.Voluntary, Sum.Voluntary);
        builder.Add(series.Involuntary, Sum.Involuntary);
        builder.Add(series.Migrations, Sum.Migrations);
        builder.Add(series.OomKills, Sum.OomKills);
        builder.Add(series.Threads, Sum.ThreadCount);
        builder.Add(series.InfoOf(Workload), 1);
        Delays?.Export(builder);
        exemplars.Verdicts?.Export(builder);
    }

    private void Add(SnapshotBuilder builder, WorkloadSeries series, ThreadTimeState state, long time)
    {
        if (series.Time[(int)state] is not { } counter)
            return;
        // What is still open is known to some us: a counter must not show that as going back.
        ref var last = ref exported[(int)state];
        last = Math.Max(last, time);
        builder.Add(counter, Seconds(last));
    }

    private static double Seconds(long nanoseconds) => nanoseconds / 1e9;

    private static ulong Total(ulong[] cells)
    {
        var total = 0UL;
        foreach (var cell in cells)
            total += cell;
        return total;
    }
}
