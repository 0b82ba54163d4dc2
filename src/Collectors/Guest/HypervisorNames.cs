using System.Collections.Frozen;

namespace Observe.Collectors.Guest;

/// <summary>Names of hypervisors, in lower case, as the label <c>hypervisor</c> has them.</summary>
public static class HypervisorNames
{
    /// <summary>There is none: this host runs on the hardware itself.</summary>
    public const string None = "none";

    /// <summary>There is one that is not in the tables.</summary>
    public const string Other = "other";

    /// <summary>KVM.</summary>
    public const string Kvm = "kvm";

    /// <summary>VMware ESXi, Workstation, Fusion.</summary>
    public const string VMware = "vmware";

    /// <summary>Microsoft Hyper-V and Azure.</summary>
    public const string HyperV = "hyperv";

    /// <summary>Xen.</summary>
    public const string Xen = "xen";

    /// <summary>QEMU's own emulation, or QEMU where it does not say by what it runs.</summary>
    public const string Qemu = "qemu";

    /// <summary>
    /// By the signature at CPUID leaf 0x40000000, blanks left out: what hypervisors' interface documents and the kernel's
    /// <c>arch/x86/kernel/cpu/</c> have.
    /// </summary>
    private static readonly FrozenDictionary<string, string> BySignature = new Dictionary<string, string>
    {
        ["KVMKVMKVM"] = Kvm,
        ["LinuxKVMHv"] = Kvm,
        ["VMwareVMware"] = VMware,
        ["MicrosoftHv"] = HyperV,
        ["XenVMMXenVMM"] = Xen,
        ["TCGTCGTCGTCG"] = Qemu,
        ["bhyvebhyve"] = "bhyve",
        ["QNXQVMBSQG"] = "qnx",
        ["lrpepyhvr"] = "parallels",
        ["VBoxVBoxVBox"] = "virtualbox",
        ["ACRNACRNACRN"] = "acrn",
        ["Jailhouse"] = "jailhouse",
        ["AppleVZ"] = "apple",
        ["SRESRESRESRE"] = "sre",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>By how the machine's vendor or product begins, in SMBIOS; a product decides where a vendor also makes hardware.</summary>
    private static readonly (string Vendor, string Product, string Name)[] ByMachine =
    [
        ("VMware", "", VMware),
        ("Microsoft Corporation", "Virtual Machine", HyperV),
        ("Xen", "", Xen),
        ("", "KVM", Kvm),
        ("Google", "Google Compute Engine", Kvm),
        ("OpenStack Foundation", "", Kvm),
        ("Alibaba Cloud", "", Kvm),
        ("Hetzner", "vServer", Kvm),
        ("DigitalOcean", "", Kvm),
        ("innotek", "VirtualBox", "virtualbox"),
        ("Oracle", "VirtualBox", "virtualbox"),
        ("Parallels", "", "parallels"),
        ("Apple", "Apple Virtualization", "apple"),
        ("BHYVE", "", "bhyve"),
        ("QEMU", "", Qemu),
    ];

    /// <summary>The name for a signature; null for one that is not known.</summary>
    /// <param name="signature">As CPUID has it.</param>
    public static string? OfSignature(string signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        return BySignature.GetValueOrDefault(signature.Replace(" ", "", StringComparison.Ordinal));
    }

    /// <summary>The name for a machine; null if it looks like hardware.</summary>
    /// <param name="vendor">SMBIOS' vendor of the system.</param>
    /// <param name="product">SMBIOS' product name.</param>
    public static string? OfMachine(string vendor, string product)
    {
        ArgumentNullException.ThrowIfNull(vendor);
        ArgumentNullException.ThrowIfNull(product);
        // The same vendor rents out machines with its hypervisor and, as "metal", without.
        if (vendor.StartsWith("Amazon EC2", StringComparison.Ordinal))
            return product.Contains(".metal", StringComparison.Ordinal) ? null : Kvm;
        foreach (var each in ByMachine)
            if (vendor.StartsWith(each.Vendor, StringComparison.Ordinal) && product.StartsWith(each.Product, StringComparison.Ordinal))
                return each.Name;
        return null;
    }
}
