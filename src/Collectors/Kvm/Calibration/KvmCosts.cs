namespace Observe.Collectors.Kvm.Calibration;

/// <summary>What a round trip out of a guest and back costs on this host: medians, in ns. Prices exits that were only counted.</summary>
/// <param name="CpuidNanos">An exit that the kernel handles by itself, the least there is.</param>
/// <param name="PortIoNanos">An exit to the VMM's user space by port I/O, with a VMM that does nothing.</param>
/// <param name="HaltNanos">A halt that goes to the VMM's user space and ends at once.</param>
public readonly record struct KvmCosts(double CpuidNanos, double PortIoNanos, double HaltNanos);
