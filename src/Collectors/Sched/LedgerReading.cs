namespace Observe.Collectors.Sched;

/// <summary>One workload's time at one moment, read on its own: what threads that are off their CPU right now have waited or been throttled is not in it yet.</summary>
/// <param name="AtMonotonic">The moment, ns of CLOCK_MONOTONIC.</param>
/// <param name="Running">On a CPU, without interrupts and steal where the kernel tells them, s.</param>
/// <param name="Throttled">Kept off by a quota, s; NaN where that is not known.</param>
internal readonly record struct LedgerReading(long AtMonotonic, double Running, double Throttled);
