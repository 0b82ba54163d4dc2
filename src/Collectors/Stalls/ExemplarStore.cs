using System.Collections.Concurrent;
using Observe.Collectors.Identity;
using Observe.Collectors.Self;
using Observe.Collectors.Traces.Verdicts;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Stalls;

/// <summary>
/// Takes the spans of stalls to the histograms that counted them: a wait's to <c>observe_runqueue_wait_seconds</c>, a throttled spell's to
/// <c>observe_throttle_seconds</c>, an exit's to <c>observe_kvm_exit_seconds</c>. Collectors open and close what they export; who makes the
/// spans only calls <see cref="Offer"/>. Thread-safe; nobody waits for a collection.
/// </summary>
/// <param name="losses">Where exemplars without a histogram are counted.</param>
public sealed class ExemplarStore(LossCounters losses)
{
    private readonly ConcurrentDictionary<Workload, WorkloadExemplars> workloads = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<int, ExitExemplars> vcpus = new();
    private readonly LossCounter dropped = losses.Counter("exemplar_dropped");
    private readonly LossCounter uncounted = losses.Counter("stall_verdict_dropped");

    /// <summary>
    /// Ties a stall's span to the bucket that its length falls into. Call it once the span is certain to be exported: a link that leads
    /// nowhere is worse than none.
    /// </summary>
    /// <param name="stall">The stall. Its length must be what the histogram counted; an exit has <see cref="StallAttributes.ExitReason"/>.</param>
    /// <param name="traceId">Its span's trace, not 0.</param>
    /// <param name="spanId">Its span, not 0.</param>
    /// <returns>
    /// Whether it was taken. False, and counted, if its workload or vCPU is gone or not known yet; false also if the bucket has a newer
    /// one, or for a blocked or stopped spell, of which there is no histogram.
    /// </returns>
    /// <exception cref="ArgumentException">One of the ids is 0.</exception>
    public bool Offer(Stall stall, UInt128 traceId, ulong spanId)
    {
        ArgumentNullException.ThrowIfNull(stall);
        if (stall.Kind is StallKind.Blocked or StallKind.Stopped)
            return false;
        if (Find(stall) is not { } slots)
        {
            dropped.Add();
            return false;
        }
        // By the end, when the histogram counted it.
        return slots.Offer(new Exemplar(Math.Max(0, stall.Nanoseconds) / 1e9, (ulong)Math.Max(0, stall.End.Middle), traceId, spanId));
    }

    /// <summary>Counts a stall's verdict in its workload's account.</summary>
    /// <param name="stall">The stall.</param>
    /// <param name="verdict">Why it was.</param>
    public void Count(Stall stall, Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(stall);
        if (workloads.TryGetValue(stall.Workload, out var account))
            account.VerdictsToFill().Add(stall, verdict);
        else
            uncounted.Add();
    }

    /// <summary>A workload's histograms are exported from now on, or will be.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="start">Since when, ns since the Unix epoch.</param>
    /// <returns>Its exemplars.</returns>
    internal WorkloadExemplars Open(Workload workload, ulong start = 0) => workloads[workload] = new WorkloadExemplars(workload, start);

    /// <summary>It has been exported for the last time.</summary>
    /// <param name="workload">The workload.</param>
    internal void Close(Workload workload) => workloads.TryRemove(workload, out _);

    /// <summary>A thread runs a vCPU of a virtual machine whose exits are exported.</summary>
    /// <param name="thread">Its id.</param>
    /// <param name="exits">The machine's exemplars.</param>
    internal void Open(int thread, ExitExemplars exits) => vcpus[thread] = exits;

    /// <summary>It does not any more.</summary>
    /// <param name="thread">Its id, which may be another machine's by now.</param>
    /// <param name="exits">The machine's exemplars.</param>
    internal void Close(int thread, ExitExemplars exits) => vcpus.TryRemove(new KeyValuePair<int, ExitExemplars>(thread, exits));

    private ExemplarSlots? Find(Stall stall)
    {
        if (stall.Kind == StallKind.Exit)
            return ReasonOf(stall) is { } reason && vcpus.TryGetValue(stall.Thread.Id, out var exits) ? exits.ToFill(reason) : null;
        if (!workloads.TryGetValue(stall.Workload, out var exemplars))
            return null;
        return stall.Kind == StallKind.Wait ? exemplars.WaitsToFill() : exemplars.ThrottlesToFill();
    }

    private static string? ReasonOf(Stall stall)
    {
        foreach (var (name, value) in stall.Attributes)
        {
            if (name == StallAttributes.ExitReason)
                return value;
        }
        return null;
    }
}
