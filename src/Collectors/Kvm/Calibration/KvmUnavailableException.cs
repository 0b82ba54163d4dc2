using System.Runtime.InteropServices;

namespace Observe.Collectors.Kvm.Calibration;

/// <summary>A guest could not be made or run here. The message says what failed, on what and why, in one line.</summary>
public sealed class KvmUnavailableException : Exception
{
    // asm-generic/errno-base.h.
    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int NoSuchDevice = 6;
    private const int AccessDenied = 13;
    private const int Busy = 16;
    private const int NoDevice = 19;

    /// <summary>Makes one.</summary>
    /// <param name="level">Absent if there is nothing to measure here, degraded if there is and it was refused.</param>
    /// <param name="cause">What failed, on what and why.</param>
    /// <param name="remedy">What to do; null if nothing can be done.</param>
    public KvmUnavailableException(StatusLevel level, string cause, string? remedy)
        : base(cause)
    {
        Level = level;
        Remedy = remedy;
    }

    /// <summary>Absent if there is nothing to measure here, degraded if there is and it was refused.</summary>
    public StatusLevel Level { get; }

    /// <summary>What to do; null if nothing can be done.</summary>
    public string? Remedy { get; }

    /// <summary>The device could not be opened.</summary>
    internal static KvmUnavailableException Open(string device, int errno) => errno switch
    {
        NoEntry or NoSuchDevice or NoDevice => new(
            StatusLevel.Absent, $"{device} is not there: this host runs no guests by KVM",
            "modprobe kvm_intel or kvm_amd; enable VT-x or SVM in the firmware, in a guest nested virtualization; in a container pass the device"),
        NotPermitted or AccessDenied => new(
            StatusLevel.Degraded, $"{device}: permission denied", "run as root or as a member of the group kvm; in a container pass the device"),
        _ => Refused($"opening {device}", errno),
    };

    /// <summary>KVM refused a request.</summary>
    internal static KvmUnavailableException Refused(string request, int errno) => new(
        StatusLevel.Degraded, $"{request} was refused: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})",
        errno == Busy ? "another hypervisor holds the processor's virtualization: stop it" : "look at the kernel's log for the reason");
}
