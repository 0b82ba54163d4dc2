using System.Buffers.Text;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>
/// What a descriptor of a VMM is, by the name that the kernel gives it in <c>/proc/PID/fd</c>: <c>anon_inode:kvm-vm</c>,
/// <c>anon_inode:kvm-vcpu:0</c>, <c>anon_inode:kvm-vcpu-stats:0</c> (virt/kvm/kvm_main.c). Without the number, or in brackets, it is
/// recognized as well.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Vcpu">The vCPU's number; -1 if the name does not tell.</param>
internal readonly record struct KvmLink(KvmLinkKind Kind, int Vcpu)
{
    /// <summary>Longest name of interest, bytes, and more.</summary>
    internal const int MaxName = 64;

    /// <summary>Recognizes a name.</summary>
    /// <param name="name">What the link says.</param>
    internal static KvmLink Parse(ReadOnlySpan<byte> name)
    {
        var prefix = "anon_inode:"u8;
        if (!name.StartsWith(prefix))
            return default;
        name = name[prefix.Length..];
        if (name is [(byte)'[', .., (byte)']'])
            name = name[1..^1];
        var vcpu = -1;
        if (name.IndexOf((byte)':') is >= 0 and var colon)
        {
            if (!Utf8Parser.TryParse(name[(colon + 1)..], out vcpu, out var digits) || vcpu < 0 || colon + 1 + digits != name.Length)
                return default;
            name = name[..colon];
        }
        var kind = name.SequenceEqual("kvm-vcpu"u8) ? KvmLinkKind.Vcpu
            : name.SequenceEqual("kvm-vcpu-stats"u8) ? KvmLinkKind.VcpuStats
            : name.SequenceEqual("kvm-vm"u8) ? KvmLinkKind.Vm
            : KvmLinkKind.Other;
        return kind == KvmLinkKind.Other ? default : new KvmLink(kind, vcpu);
    }
}
