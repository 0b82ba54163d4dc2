using Observe.Collectors.Identity;
using Observe.Collectors.Stalls;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Traces.Verdicts;

/// <summary>Why a workload's threads stalled: number and length of its stalls by kind and verdict. Thread-safe.</summary>
internal sealed class VerdictAccount
{
    private static readonly int Verdicts = Enum.GetValues<Verdict>().Length;

    private readonly Lock gate = new();
    private readonly Sum?[] sums = new Sum?[StallWire.Kinds * Verdicts];
    private readonly Workload workload;
    private readonly ulong start;

    /// <summary>Nothing is known yet.</summary>
    /// <param name="workload">Whose stalls.</param>
    /// <param name="start">Since when they are counted, ns since the Unix epoch.</param>
    public VerdictAccount(Workload workload, ulong start)
    {
        this.workload = workload;
        this.start = start;
    }

    /// <summary>One more.</summary>
    /// <param name="stall">The stall.</param>
    /// <param name="verdict">Why it was.</param>
    public void Add(Stall stall, Verdict verdict)
    {
        lock (gate)
        {
            var sum = sums[((int)stall.Kind * Verdicts) + (int)verdict] ??= new Sum(stall.Kind, verdict);
            sum.Count++;
            sum.Nanoseconds += stall.Nanoseconds;
        }
    }

    /// <summary>Adds the points: of what there has been at least one.</summary>
    /// <param name="builder">Where they go.</param>
    public void Export(SnapshotBuilder builder)
    {
        lock (gate)
        {
            foreach (var sum in sums)
                sum?.Export(builder, workload, start);
        }
    }

    private sealed class Sum(StallKind kind, Verdict verdict)
    {
        private Series? counts;
        private Series? seconds;

        public long Count { get; set; }

        public long Nanoseconds { get; set; }

        public void Export(SnapshotBuilder builder, Workload workload, ulong start)
        {
            builder.Add(counts ??= Make(MetricCatalog.StallVerdicts, workload, start), Count);
            builder.Add(seconds ??= Make(MetricCatalog.StallVerdictTime, workload, start), Nanoseconds / 1e9);
        }

        private Series Make(MetricDescriptor metric, Workload workload, ulong start) =>
            new(metric, workload.Resource, start, [StallWire.KindNames[(int)kind], verdict.ToWord()]);
    }
}
