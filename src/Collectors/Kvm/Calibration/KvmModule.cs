using Observe.Collectors.Guest;

namespace Observe.Collectors.Kvm.Calibration;

/// <summary>Which module makes KVM's guests run.</summary>
public static class KvmModule
{
    /// <summary>
    /// The module in use. One that is built in has its directory on every processor, so the processor is asked which one fits;
    /// a module that needs neither VMX nor SVM is in use where the processor has none.
    /// </summary>
    /// <param name="sys">The system file system.</param>
    /// <param name="cpuid">The processor's leaves; null where it has none.</param>
    /// <returns><c>kvm_intel</c>, <c>kvm_amd</c>, <c>kvm_pvm</c>; <c>kvm</c> if it cannot be told.</returns>
    public static string InUse(string sys, Func<uint, CpuIdLeaf>? cpuid)
    {
        bool Loaded(string name) => Directory.Exists(Path.Combine(sys, "module", name));

        // VMX: leaf 1, ECX bit 5. SVM: leaf 0x80000001, ECX bit 2.
        if (cpuid is not null && (cpuid(1).Ecx >> 5 & 1) != 0 && Loaded("kvm_intel"))
            return "kvm_intel";
        if (cpuid is not null && (cpuid(0x80000001).Ecx >> 2 & 1) != 0 && Loaded("kvm_amd"))
            return "kvm_amd";
        return Loaded("kvm_pvm") ? "kvm_pvm" : "kvm";
    }
}
