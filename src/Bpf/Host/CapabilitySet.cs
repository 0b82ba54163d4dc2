using System.Globalization;
using System.Numerics;

namespace Observe.Bpf.Host;

/// <summary>A set of capabilities.</summary>
/// <param name="Bits">Bit n is capability n.</param>
public readonly record struct CapabilitySet(ulong Bits)
{
    /// <summary>As many as are named one by one; user 0 has some forty.</summary>
    private const int MostNamed = 8;

    /// <summary>Those of linux/capability.h, by number, without CAP_.</summary>
    private static readonly string[] Names =
    [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST",
        "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
        "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM",
        "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ];

    /// <summary>Makes a set.</summary>
    /// <param name="capabilities">What is in it.</param>
    public static CapabilitySet Of(params ReadOnlySpan<Capability> capabilities)
    {
        var bits = 0UL;
        foreach (var capability in capabilities)
            bits |= 1UL << (int)capability;
        return new(bits);
    }

    /// <summary>Whether the capability is in the set.</summary>
    /// <param name="capability">Which one.</param>
    public bool Has(Capability capability) => (Bits >> (int)capability & 1) != 0;

    /// <summary>What is in it, for people.</summary>
    public override string ToString()
    {
        var count = BitOperations.PopCount(Bits);
        if (count == 0)
            return "none";
        if (count > MostNamed)
            return string.Create(CultureInfo.InvariantCulture, $"{count} of them");
        var bits = Bits;
        return string.Join(", ", Enumerable.Range(0, 64).Where(each => (bits >> each & 1) != 0).Select(each => each < Names.Length ? $"CAP_{Names[each]}" : $"capability {each}"));
    }
}
