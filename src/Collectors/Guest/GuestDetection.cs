using System.Globalization;

namespace Observe.Collectors.Guest;

/// <summary>
/// What is beneath this host, and whether it tells of the time it steals. Asked in this order: CPUID; <c>/sys/hypervisor/type</c>
/// (Xen); where there is no CPUID, the names in SMBIOS.
/// </summary>
/// <param name="proc">The process file system.</param>
/// <param name="sys">The system file system.</param>
/// <param name="cpuid">The processor's leaves; null where it has none.</param>
/// <param name="kernelTracksSteal">Whether the kernel's run queues keep a steal clock: <c>rq.prev_steal_time_rq</c> in its BTF.</param>
public sealed class GuestDetection(string proc, string sys, Func<uint, CpuIdLeaf>? cpuid, bool kernelTracksSteal)
{
    private const uint HypervisorLeaf = 0x40000000;

    /// <summary>Where a hypervisor has its own leaves that shows Hyper-V's at the first place, for guests that know only those (KVM, Xen).</summary>
    private const uint SecondHypervisorLeaf = 0x40000100;

    /// <summary>KVM_FEATURE_STEAL_TIME, in EAX of the leaf after the signature's (Documentation/virt/kvm/x86/cpuid.rst).</summary>
    private const int KvmStealTime = 5;

    /// <summary>Looks.</summary>
    public GuestFacts Look()
    {
        var (name, source, leaf) = Hypervisor();
        if (name == HypervisorNames.None)
            return new GuestFacts(name, source, StealTrust.None, "there is no hypervisor that could steal");
        var (trust, detail, remedy) = Steal(name, leaf);
        return new GuestFacts(name, source, trust, detail, remedy);
    }

    /// <summary>The name, where it was read, and the leaf with the signature, 0 if there is none.</summary>
    private (string Name, string Source, uint Leaf) Hypervisor()
    {
        // Leaf 1, ECX bit 31: never set by a processor.
        var announced = cpuid is not null && cpuid(1).Ecx >> 31 != 0;
        if (announced)
        {
            var first = cpuid!(HypervisorLeaf).Signature;
            var second = HypervisorNames.OfSignature(first) == HypervisorNames.HyperV ? cpuid(SecondHypervisorLeaf).Signature : "";
            if (HypervisorNames.OfSignature(second) is { } beneath)
                return (beneath, $"CPUID {SecondHypervisorLeaf:x} '{second}'", SecondHypervisorLeaf);
            if (HypervisorNames.OfSignature(first) is { } name)
                return (name, $"CPUID {HypervisorLeaf:x} '{first}'", HypervisorLeaf);
        }
        if (FirstLine.Of(Path.Combine(sys, "hypervisor/type")) is { Length: > 0 } type)
            return (type == "xen" ? HypervisorNames.Xen : HypervisorNames.Other, $"{sys}/hypervisor/type", 0);
        if (announced)
            return (HypervisorNames.Other, $"CPUID {HypervisorLeaf:x} '{cpuid!(HypervisorLeaf).Signature}'", 0);
        if (cpuid is not null)
            return (HypervisorNames.None, "CPUID 1", 0);
        var machine = Path.Combine(sys, "class/dmi/id");
        return HypervisorNames.OfMachine(FirstLine.Of(Path.Combine(machine, "sys_vendor")) ?? "", FirstLine.Of(Path.Combine(machine, "product_name")) ?? "") is { } byMachine
            ? (byMachine, machine, 0u)
            : (HypervisorNames.None, machine, 0u);
    }

    private (StealTrust Trust, string Detail, string? Remedy) Steal(string name, uint leaf)
    {
        if (!kernelTracksSteal)
            return (StealTrust.Unknown, "not kept by this kernel, or it could not be asked (CONFIG_PARAVIRT_TIME_ACCOUNTING)", "run a kernel that has it, with BTF");
        if (FirstLine.Of(Path.Combine(proc, "cmdline"))?.Split(' ').Contains("no-steal-acc") ?? false)
            return (StealTrust.Unknown, "always 0 here: switched off on the kernel's command line", "boot without no-steal-acc");
        if (name == HypervisorNames.Kvm && leaf != 0 && cpuid is not null)
        {
            return (cpuid(leaf + 1).Eax >> KvmStealTime & 1) != 0
                ? (StealTrust.Known, "known: kvm offers a steal clock", null)
                : (StealTrust.Unknown, "always 0 here: the hypervisor does not tell", "enable kvm-steal-time for this guest, on its host");
        }
        if (Stolen() > 0)
            return (StealTrust.Known, $"known: {name} has told of stolen time", null);
        return name == HypervisorNames.VMware
            ? (StealTrust.Unknown, "0 so far: the hypervisor does not tell, or nothing was stolen", "set stealclock.enable=TRUE for this machine, with hardware version 13 or later")
            : (StealTrust.Unknown, "0 so far: the hypervisor does not tell, or nothing was stolen", null);
    }

    /// <summary>Stolen time of all CPUs since boot, in ticks of 1/100 s; 0 if it cannot be read.</summary>
    private long Stolen()
    {
        // cpu  user nice system idle iowait irq softirq steal ...
        var fields = FirstLine.Of(Path.Combine(proc, "stat"))?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return fields.Length > 8 && long.TryParse(fields[8], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) ? ticks : 0;
    }
}
