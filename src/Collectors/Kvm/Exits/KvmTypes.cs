using Observe.Bpf.Types;

namespace Observe.Collectors.Kvm.Exits;

/// <summary>
/// Where in KVM's records lies what the programs for raw tracepoints read. Looked up here and not by libbpf, which asks the kernel for
/// the types of modules by their ids: that takes CAP_SYS_ADMIN, and their files in sysfs take nothing.
/// </summary>
internal static class KvmTypes
{
    /// <summary>The offset of a member that this kernel, or the half of KVM that runs, has not.</summary>
    private const uint None = uint.MaxValue;

    /// <summary>The halves before what they share: which of them has the types of both depends on what the kernel itself uses.</summary>
    private static readonly string[] Modules = ["kvm_amd", "kvm_intel", "kvm"];

    /// <summary>Offsets in bytes, by the name of the global of <c>kvm.bpf.c</c> that takes each.</summary>
    /// <param name="sys">Where sysfs is mounted.</param>
    /// <exception cref="NotSupportedException">The types do not have what no account can do without.</exception>
    /// <exception cref="Observe.Bpf.BpfException">They cannot be read.</exception>
    public static IReadOnlyDictionary<string, uint> Offsets(string sys)
    {
        using var kernel = new KernelBtf(Path.Combine(sys, "kernel/btf/vmlinux"));
        // A module's types go on from the kernel's, which are looked through with them.
        Btf[] types = [.. Modules.Select(kernel.Module).OfType<Btf>().DefaultIfEmpty(kernel.Types)];
        return new Dictionary<string, uint>
        {
            ["vcpu_kvm_offset"] = Needed(types, "kvm_vcpu", "kvm"),
            ["vcpu_id_offset"] = Needed(types, "kvm_vcpu", "vcpu_id"),
            ["svm_vmcb_offset"] = Of(types, "vcpu_svm", "vmcb"),
            ["vmcb_exit_code_offset"] = Of(types, "vmcb", "control.exit_code"),
            // With TDX (6.16) the reason is in the part that VMX and TDX share.
            ["vmx_exit_reason_offset"] = Math.Min(Of(types, "vcpu_vmx", "exit_reason"), Of(types, "vcpu_vmx", "vt.exit_reason")),
        };
    }

    private static uint Of(Btf[] types, string type, string member) =>
        types.Select(each => each.FindField(type, member)).FirstOrDefault(each => each is not null) is { } found ? (uint)found.Offset : None;

    private static uint Needed(Btf[] types, string type, string member) => Of(types, type, member) is var offset && offset != None
        ? offset
        : throw new NotSupportedException($"the kernel's types have no {type}.{member}, by which virtual CPUs are told apart");
}
