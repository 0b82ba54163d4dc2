namespace Observe.Collectors.Kvm.Calibration;

/// <summary>One kind of round trip, measured.</summary>
/// <param name="MedianNanos">The median, ns.</param>
/// <param name="P99Nanos">The 99th percentile, ns; of CPUID that of the mean of one run.</param>
/// <param name="Count">How many round trips were made, as the guest counted them.</param>
public readonly record struct RoundTrip(double MedianNanos, double P99Nanos, long Count);
