using Observe.Collectors.Identity;

namespace Observe.Collectors.Stalls;

/// <summary>Who ran while a thread waited, and for how long.</summary>
/// <param name="Kind">What it is to the workload that waited.</param>
/// <param name="Workload">Which; null where it is none.</param>
/// <param name="Nanoseconds">How long; those of all culprits of a stall add up to its length.</param>
public readonly record struct Culprit(CulpritKind Kind, Workload? Workload, long Nanoseconds);
