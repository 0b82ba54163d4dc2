using Observe.Telemetry.Model;

namespace Observe.Collectors.Stalls;

/// <summary>Exemplars of one workload's histograms. Nothing but this object until the first is offered.</summary>
internal sealed class WorkloadExemplars
{
    private ExemplarSlots? waits;
    private ExemplarSlots? throttles;

    /// <summary>Of <c>observe_runqueue_wait_seconds</c>; null before the first.</summary>
    public ExemplarSlots? Waits => Volatile.Read(ref waits);

    /// <summary>Of <c>observe_throttle_seconds</c>; null before the first.</summary>
    public ExemplarSlots? Throttles => Volatile.Read(ref throttles);

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
