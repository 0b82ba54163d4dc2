using Observe.Collectors.Identity;
using Observe.Collectors.Traces.Verdicts;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Stalls;

/// <summary>What single stalls add to a workload's account: exemplars of its histograms, and their verdicts. Nothing but this object until the first is offered.</summary>
/// <param name="workload">Whose.</param>
/// <param name="start">Since when verdicts are counted, ns since the Unix epoch.</param>
internal sealed class WorkloadExemplars(Workload workload, ulong start)
{
    private VerdictAccount? verdicts;
    private ExemplarSlots? waits;
    private ExemplarSlots? throttles;

    /// <summary>Of <c>observe_runqueue_wait_seconds</c>; null before the first.</summary>
    public ExemplarSlots? Waits => Volatile.Read(ref waits);

    /// <summary>Of <c>observe_throttle_seconds</c>; null before the first.</summary>
    public ExemplarSlots? Throttles => Volatile.Read(ref throttles);

    /// <summary>Why its threads stalled; null before the first stall.</summary>
    public VerdictAccount? Verdicts => Volatile.Read(ref verdicts);

    /// <summary>Verdicts, made now if there were none.</summary>
    public VerdictAccount VerdictsToFill() => Verdicts ?? Interlocked.CompareExchange(ref verdicts, new VerdictAccount(workload, start), null) ?? verdicts;

    /// <summary>Those of waits, made now if there were none.</summary>
    public ExemplarSlots WaitsToFill() => ToFill(ref waits);

    /// <summary>Those of throttled spells, made now if there were none.</summary>
    public ExemplarSlots ThrottlesToFill() => ToFill(ref throttles);

    private static ExemplarSlots ToFill(ref ExemplarSlots? slots)
    {
        if (Volatile.Read(ref slots) is { } there)
            return there;
        var made = new ExemplarSlots();
        return Interlocked.CompareExchange(ref slots, made, null) ?? made;
    }
}
