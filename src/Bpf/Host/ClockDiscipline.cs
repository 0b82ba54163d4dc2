namespace Observe.Bpf.Host;

/// <summary>What whoever disciplines CLOCK_REALTIME has told the kernel of it.</summary>
/// <param name="MaximumError">Distance from UTC at most, ns. The kernel lets it grow by 500 ppm until it is told better.</param>
/// <param name="EstimatedError">Distance from UTC as estimated, ns.</param>
/// <param name="Pending">What the kernel has still to add to the clock, ns.</param>
/// <param name="IsSynchronized">Whether anybody disciplines it.</param>
public readonly record struct ClockDiscipline(long MaximumError, long EstimatedError, long Pending, bool IsSynchronized);
