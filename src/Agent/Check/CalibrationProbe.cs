using System.Globalization;
using Observe.Collectors;
using Observe.Collectors.Guest;
using Observe.Collectors.Kvm.Calibration;

namespace Observe.Agent.Check;

/// <summary>What does a round trip into a guest cost here? Found out by a guest of one page, which is removed again at once.</summary>
/// <param name="paths">Where to look for what runs it.</param>
/// <param name="device">Where KVM's device is.</param>
public sealed class CalibrationProbe(HostPaths paths, string device = KvmCalibration.DefaultDevice) : IProbe
{
    private const string Component = "kvm";

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new(Rows(KvmCalibration.Measure(device), RunBy()));
        }
        catch (KvmUnavailableException refusal)
        {
            return new([new ComponentStatus(Component, refusal.Level, refusal.Message, refusal.Remedy)]);
        }
    }

    /// <summary>What is shown of a calibration.</summary>
    /// <param name="calibration">What was measured.</param>
    /// <param name="runBy">The module, and what is beneath the host.</param>
    internal static IReadOnlyList<ComponentStatus> Rows(KvmCalibration calibration, string runBy)
    {
        if (calibration.Interpreted)
        {
            return
            [
                new(
                    Component, StatusLevel.Degraded,
                    string.Create(CultureInfo.InvariantCulture, $"{runBy}; it interprets the guest ({calibration.LoopNanos:0} ns for six plain instructions, {calibration.Cpuid.MedianNanos:0} ns more with CPUID): no round trip can be measured"),
                    "calibrate on a host whose KVM uses the processor's virtualization (kvm_intel, kvm_amd)"),
            ];
        }
        return
        [
            new(Component, StatusLevel.Ok, calibration.Pinned ? runBy : $"{runBy}; measured on changing CPUs: the thread could not be bound to one"),
            Row("cpuid", calibration.Cpuid, "handled in the kernel"),
            Row("port io", calibration.PortIo, "to user space and back"),
            Row("hlt", calibration.Halt, "to user space and back"),
        ];
    }

    private static ComponentStatus Row(string kind, RoundTrip trip, string way) => new(
        $"round trip {kind}", StatusLevel.Ok,
        string.Create(CultureInfo.InvariantCulture, $"median {trip.MedianNanos:0} ns, p99 {trip.P99Nanos:0} ns, {trip.Count} times; {way}"));

    private string RunBy()
    {
        var beneath = new GuestDetection(paths.Proc, paths.Sys, CpuIdLeaf.Reader, kernelTracksSteal: false).Look();
        var module = KvmModule.InUse(paths.Sys, CpuIdLeaf.Reader);
        return beneath.IsGuest ? $"{module}; this host is itself a guest ({beneath.Hypervisor})" : $"{module}; this host is no guest";
    }
}
