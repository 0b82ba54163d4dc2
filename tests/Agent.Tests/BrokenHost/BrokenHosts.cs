using Observe.Agent.Tests.EndToEnd;

namespace Observe.Agent.Tests.BrokenHost;

/// <summary>Hosts that lack something, and the very words in which that is said.</summary>
public static class BrokenHosts
{
    private const string Object = "/mnt/bpf/ledger.bpf.o";
    private const string InstallLibBpf = "install libbpf 1.0 or newer: 'apt install libbpf1' (Debian, Ubuntu) or 'dnf install libbpf' (Fedora, RHEL)";
    private const string BtfKernel = "run a kernel built with CONFIG_DEBUG_INFO_BTF=y, as all major distributions' are";
    private const string Reinstall = "reinstall Observe: its BPF objects are shipped beside the program";

    /// <summary>An empty directory that goes with the mount namespace.</summary>
    private const string Empty = "mount -t tmpfs none";

    /// <summary>Hosts on which the ledger cannot run.</summary>
    public static IReadOnlyDictionary<string, Expected> WithoutLedger { get; } = new Dictionary<string, Expected>
    {
        ["no root"] = new(
            new("", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"),
            "cannot load BPF object ledger: EPERM (Operation not permitted)",
            "CAP_BPF and CAP_PERFMON are needed (Linux 5.8; CAP_SYS_ADMIN before): run as root, or grant them (systemd: AmbientCapabilities=CAP_BPF CAP_PERFMON)")
        {
            Row = ("capabilities", "CAP_BPF and CAP_PERFMON missing: BPF programs cannot be loaded",
                "run as root, or grant them: AmbientCapabilities=CAP_BPF CAP_PERFMON in the unit, docker run --cap-add BPF --cap-add PERFMON"),
        },
        ["no BTF"] = new(new($"{Empty} /sys/kernel/btf"), "cannot read kernel BTF /sys/kernel/btf/vmlinux: there is no such file", BtfKernel)
        {
            Row = ("BTF", "/sys/kernel/btf/vmlinux is missing: BPF programs cannot be fitted to this kernel", BtfKernel),
        },
        ["no libbpf"] = new(
            new("for file in $(ldconfig -p | sed -n 's/.*libbpf.so.* => //p'); do mount --bind /dev/null \"$file\"; done"),
            "cannot load libbpf: libbpf.so.1 cannot be loaded: it is not installed, damaged, or its own libraries (libelf, zlib) are missing", InstallLibBpf)
        {
            Row = ("libbpf", "libbpf.so.1 cannot be loaded: it is not installed, damaged, or its own libraries (libelf, zlib) are missing", InstallLibBpf),
        },
        ["no BPF object"] = new(new($"{Empty} /mnt/bpf"), $"cannot open BPF object {Object}: there is no such file", Reinstall),
        ["truncated BPF object"] = new(
            new($"head -c 20000 {Object} >/dev/shm/$$; {Empty} /mnt/bpf; mv /dev/shm/$$ {Object}"),
            $"cannot open BPF object {Object}: LIBBPF_ERRNO__FORMAT (not a valid BPF object: broken or truncated ELF); 20000 bytes", Reinstall),
        ["empty BPF object"] = new(
            new($"{Empty} /mnt/bpf; : >{Object}"), $"cannot open BPF object {Object}: EINVAL (Invalid argument); 0 bytes", Reinstall),
    };
}
