namespace Observe.Telemetry.Time;

/// <summary>What is known of the error of the host's real-time clock, from whoever disciplines it (adjtimex(2)).</summary>
/// <param name="Maximum">Its distance from UTC at most, ns: the kernel's <c>maxerror</c>.</param>
/// <param name="Estimated">Its distance from UTC as estimated, ns: <c>esterror</c>.</param>
/// <param name="IsSynchronized">Whether anybody disciplines it. If not, the maximum is a number that grows and nothing that anyone vouches for.</param>
public readonly record struct ClockError(long Maximum, long Estimated, bool IsSynchronized);
