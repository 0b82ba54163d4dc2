using System.Globalization;
using Observe.Bpf.Host;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>The descriptors of KVM that a process has open. Used by one thread.</summary>
/// <param name="proc">Where procfs is mounted.</param>
internal sealed class KvmDescriptors(string proc)
{
    private readonly KernelPath path = new(proc);
    private readonly byte[] name = new byte[KvmLink.MaxName];
    private readonly List<int> numbers = [];
    private int firstVcpu = -1;

    /// <summary>Descriptors of virtual machines.</summary>
    internal List<int> Vms { get; } = [];

    /// <summary>vCPUs.</summary>
    internal int Vcpus { get; private set; }

    /// <summary>Descriptors of vCPUs' statistics, with the vCPU's number or -1.</summary>
    internal List<(int Descriptor, int Vcpu)> Stats { get; } = [];

    /// <summary>A descriptor that keeps the virtual machine alive; -1 if there is none.</summary>
    internal int Holder => Vms.Count > 0 ? Vms[0] : firstVcpu;

    /// <summary>Descriptors looked at by <see cref="List"/>.</summary>
    internal int Looked => numbers.Count;

    /// <summary>Lists them.</summary>
    /// <param name="pid">The process.</param>
    /// <returns>Null, or why they cannot be listed.</returns>
    internal string? List(int pid)
    {
        Vms.Clear();
        Stats.Clear();
        Vcpus = 0;
        firstVcpu = -1;
        var directory = string.Create(CultureInfo.InvariantCulture, $"{proc}/{pid}/fd");
        if (NumberedEntries.List(directory, numbers) is { } failure)
            return $"the VMM's descriptors cannot be seen ({failure}): run as root or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH";
        foreach (var number in numbers)
        {
            var link = Get(pid, number);
            if (link.Kind == KvmLinkKind.Vm)
                Vms.Add(number);
            else if (link.Kind == KvmLinkKind.VcpuStats)
                Stats.Add((number, link.Vcpu));
            else if (link.Kind == KvmLinkKind.Vcpu && Vcpus++ == 0)
                firstVcpu = number;
        }
        return null;
    }

    /// <summary>What one descriptor is.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="descriptor">Which.</param>
    internal KvmLink Get(int pid, int descriptor)
    {
        var length = KernelFile.ReadLink(path.Of(pid, "/fd/"u8, descriptor), name);
        return length < 0 ? default : KvmLink.Parse(name.AsSpan(0, length));
    }
}
