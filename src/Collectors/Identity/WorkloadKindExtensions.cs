namespace Observe.Collectors.Identity;

/// <summary>The text of a <see cref="WorkloadKind"/>.</summary>
public static class WorkloadKindExtensions
{
    /// <summary>The value of the <c>workload_kind</c> label.</summary>
    /// <param name="kind">The kind.</param>
    public static string ToLabel(this WorkloadKind kind) => kind switch
    {
        WorkloadKind.System => "system",
        WorkloadKind.Container => "container",
        WorkloadKind.Pod => "pod",
        WorkloadKind.Vm => "vm",
        WorkloadKind.Service => "service",
        WorkloadKind.User => "user",
        WorkloadKind.Kernel => "kernel",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a workload kind"),
    };
}
