namespace Observe.Collectors.Stalls;

/// <summary>Names of a stall's attributes that others look for.</summary>
public static class StallAttributes
{
    /// <summary>Of an exit: why the vCPU left the guest, as the label <c>reason</c> of <c>observe_kvm_exit_seconds</c> has it.</summary>
    public const string ExitReason = "observe.kvm.exit.reason";
}
