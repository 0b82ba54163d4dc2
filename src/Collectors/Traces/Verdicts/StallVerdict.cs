using System.Globalization;
using Observe.Collectors.Stalls;

namespace Observe.Collectors.Traces.Verdicts;

/// <summary>
/// Names the cause of a stall. Few rules, the first that fits decides; the table of docs/traces.md says the same. Pure.
/// </summary>
public static class StallVerdict
{
    /// <summary>A share of a wait that makes who has it the cause: more than all others together.</summary>
    private const double Most = 0.5;

    /// <summary>
    /// Exits' reasons that tell of a device, port and memory-mapped I/O: Intel's, AMD's and Arm's. Of Arm's and AMD's those for memory are also those for
    /// pages that are not there yet; such an exit is handled at once, and hardly ever a stall.
    /// </summary>
    internal static IReadOnlyList<string> DeviceReasons { get; } = ["io_instruction", "ept_misconfig", "io", "npf", "dabt_low"];

    /// <summary>Judges a stall.</summary>
    /// <param name="stall">The stall.</param>
    /// <param name="isInMigration">Whether it lies for certain in a migration of the virtual machine that this host is.</param>
    /// <param name="blackout">How much of it that machine stood still for, ns.</param>
    public static StallJudgement Judge(Stall stall, bool isInMigration, long blackout = 0)
    {
        ArgumentNullException.ThrowIfNull(stall);
        return stall.Kind switch
        {
            StallKind.Throttle => new(Verdict.Quota, "the kernel took it off its CPU because a quota was used up"),
            StallKind.Blocked => new(Verdict.Io, "uninterruptible sleep"),
            StallKind.Exit => OfExit(stall),
            StallKind.Stopped => OfStop(isInMigration),
            _ => OfWait(stall, isInMigration, blackout),
        };
    }

    /// <summary>A verdict as it is exported.</summary>
    /// <param name="verdict">The verdict.</param>
    public static string ToWord(this Verdict verdict) => verdict switch
    {
        Verdict.Quota => "quota",
        Verdict.Neighbour => "neighbour",
        Verdict.Self => "self",
        Verdict.Hypervisor => "hypervisor",
        Verdict.Io => "io",
        Verdict.Irq => "irq",
        Verdict.Migration => "migration",
        _ => "unknown",
    };

    private static StallJudgement OfExit(Stall stall)
    {
        var reason = stall.Attributes.FirstOrDefault(each => each.Key == StallAttributes.ExitReason).Value;
        return reason is not null && DeviceReasons.Contains(reason)
            ? new(Verdict.Io, $"an exit for a device: {reason}")
            : new(Verdict.Hypervisor, reason is null ? "an exit" : $"an exit: {reason}");
    }

    /// <summary>Who stopped it is not known; but tools that move a guest, or quiesce it, stop what runs in it.</summary>
    private static StallJudgement OfStop(bool isInMigration)
    {
        const string What = "stopped by a signal or a debugger";
        return isInMigration ? new(Verdict.Migration, $"while this virtual machine was being moved; {What}") : new(Verdict.Unknown, What);
    }

    private static StallJudgement OfWait(Stall stall, bool isInMigration, long blackout)
    {
        // Whoever was on the CPU when the machine was stopped seems to have run all the while.
        if (blackout > stall.Nanoseconds * Most)
            return new(isInMigration ? Verdict.Migration : Verdict.Hypervisor, string.Create(CultureInfo.InvariantCulture, $"this virtual machine stood still for {Math.Min(1, blackout / (double)stall.Nanoseconds):P0} of it"));
        var total = 0L;
        Span<long> by = stackalloc long[Enum.GetValues<Verdict>().Length];
        foreach (var culprit in stall.Culprits)
        {
            by[(int)Of(culprit.Kind)] += culprit.Nanoseconds;
            total += culprit.Nanoseconds;
        }
        var first = Verdict.Unknown;
        for (var each = Verdict.Unknown; each <= Verdict.Migration; each++)
        {
            if (by[(int)each] > by[(int)first])
                first = each;
        }
        var share = total > 0 ? by[(int)first] / (double)total : 0;
        var what = total > 0 ? string.Create(CultureInfo.InvariantCulture, $"{share:P0} of the wait: {Who(first)}") : "nothing is known of who ran";
        if (isInMigration && first is Verdict.Hypervisor)
            return new(Verdict.Migration, $"while this virtual machine was being moved; {what}");
        return share > Most ? new(first, what) : new(Verdict.Unknown, total > 0 ? $"nobody had more than half; {what}" : what);
    }

    private static Verdict Of(CulpritKind kind) => kind switch
    {
        CulpritKind.Self or CulpritKind.Sibling => Verdict.Self,
        CulpritKind.Workload or CulpritKind.Kernel => Verdict.Neighbour,
        CulpritKind.Interrupt => Verdict.Irq,
        CulpritKind.Hypervisor => Verdict.Hypervisor,
        _ => Verdict.Unknown,
    };

    private static string Who(Verdict verdict) => verdict switch
    {
        Verdict.Self => "threads of its own",
        Verdict.Neighbour => "other workloads and the kernel's threads",
        Verdict.Irq => "interrupts",
        Verdict.Hypervisor => "the hypervisor",
        _ => "not known, or nobody",
    };
}
