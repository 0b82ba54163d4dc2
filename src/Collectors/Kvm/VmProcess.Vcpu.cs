using System.Globalization;

namespace Observe.Collectors.Kvm;

internal sealed partial record VmProcess
{
    // How each VMM calls the thread of vCPU 3. QEMU only does with debug-threads=on, as libvirt and Proxmox VE start it.
    private static readonly (string Prefix, string Suffix)[] VcpuThreads =
    [
        ("CPU ", "/KVM"), // QEMU, accel/kvm/kvm-accel-ops.c
        ("vcpu", ""), // cloud-hypervisor, vmm/src/cpu.rs
        ("fc_vcpu ", ""), // Firecracker, src/vmm/src/vstate/vcpu.rs
        ("crosvm_vcpu", ""), // crosvm, src/crosvm/sys/linux/vcpu.rs
        ("kvm-vcpu-", ""), // kvmtool, builtin-run.c
    ];

    /// <summary>The number of the vCPU that a thread runs.</summary>
    /// <param name="threadComm">Name of the thread.</param>
    /// <returns>Null if its name does not tell.</returns>
    internal static int? VcpuIndex(string threadComm)
    {
        foreach (var (prefix, suffix) in VcpuThreads)
        {
            if (threadComm.Length > prefix.Length + suffix.Length && threadComm.StartsWith(prefix, StringComparison.Ordinal) && threadComm.EndsWith(suffix, StringComparison.Ordinal)
                && int.TryParse(threadComm.AsSpan(prefix.Length, threadComm.Length - prefix.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                return index;
        }
        return null;
    }
}
