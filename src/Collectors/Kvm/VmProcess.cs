namespace Observe.Collectors.Kvm;

/// <summary>Who a virtual machine is, as far as the process that runs it (its VMM) tells. All text is the VM owner's and is not to be trusted.</summary>
/// <param name="Pid">The process, as the agent sees it.</param>
/// <param name="Name">For people; not unique. Without control characters, at most 255 UTF-16 units, never empty.</param>
/// <param name="Uuid">UUID that the guest sees in its firmware, in lower case; null if the command line gives none.</param>
/// <param name="Vmm">Program that runs the machine: <c>qemu</c>, <c>cloud-hypervisor</c>, <c>firecracker</c>, <c>crosvm</c>, <c>kvmtool</c>, <c>dragonball</c>, <c>gvisor</c>; else the process's own name.</param>
internal sealed partial record VmProcess(int Pid, string Name, string? Uuid, string Vmm)
{
    /// <summary>Longest name, in UTF-16 units: the longest that libvirt and the file system allow.</summary>
    private const int MaxNameLength = 255;

    /// <summary>Reads who the machine is from its process's command line.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="comm">Name of its main thread.</param>
    /// <param name="arguments">Its command line, program first; may be empty.</param>
    internal static VmProcess Parse(int pid, string comm, IReadOnlyList<string> arguments)
    {
        var vmm = VmmOf(comm, arguments.Count > 0 ? arguments[0] : "");
        var name = vmm switch
        {
            "qemu" => QemuName(arguments),
            "cloud-hypervisor" => SocketName(arguments, "api-socket"),
            // Firecracker: src/firecracker/src/main.rs; the jailer hands its own --id on (src/jailer/src/env.rs).
            "firecracker" => Option(arguments, "id"),
            // crosvm: src/crosvm/cmdline.rs.
            "crosvm" => Option(arguments, "name") ?? SocketName(arguments, "socket") ?? SocketName(arguments, "s"),
            // kvmtool: builtin-run.c, "--name".
            "kvmtool" => Option(arguments, "name"),
            // The shim's flags are containerd's (core/runtime/v2/shim/shim.go); the id is the sandbox's.
            "dragonball" => Option(arguments, "id"),
            // gVisor: runsc/sandbox/sandbox.go ends the arguments of "boot" with the sandbox's id.
            "gvisor" => arguments.Count > 1 && !arguments[^1].StartsWith('-') ? arguments[^1] : null,
            _ => null,
        };
        var process = Clean(comm) is { Length: > 0 } known ? known : "unknown";
        return new VmProcess(pid, name is null || Clean(name) is not { Length: > 0 } clean ? $"{process}-{pid}" : clean, UuidOf(vmm, arguments), vmm ?? process);
    }

    /// <summary>Which VMM a process is.</summary>
    /// <param name="comm">Name of its main thread, 15 bytes at most; some VMMs change it (<c>-name x,process=y</c>).</param>
    /// <param name="argument0">First word of its command line, with or without a path.</param>
    /// <returns>Null if it is none that is known.</returns>
    internal static string? VmmOf(string comm, string argument0) => VmmOf(argument0[(argument0.LastIndexOf('/') + 1)..]) ?? VmmOf(comm);

    private static string? VmmOf(string program) => program switch
    {
        // Red Hat's and Debian's (Proxmox VE's) names of the same program.
        "qemu-kvm" or "kvm" => "qemu",
        "cloud-hypervisor" or "cloud-hyperviso" => "cloud-hypervisor",
        "crosvm" => "crosvm",
        "lkvm" or "lkvm-static" => "kvmtool",
        // Kata's runtime-rs runs Dragonball in the shim itself (src/runtime-rs/crates/hypervisor/src/dragonball).
        "containerd-shim-kata-v2" => "dragonball",
        "runsc-sandbox" => "gvisor",
        "jailer" => "firecracker",
        _ when program.StartsWith("qemu-system-", StringComparison.Ordinal) => "qemu",
        // The jailer runs what it is given, as long as "firecracker" is in the name: firecracker-v1.7.0.
        _ when program.StartsWith("firecracker", StringComparison.Ordinal) => "firecracker",
        _ => null,
    };

    private static string? UuidOf(string? vmm, IReadOnlyList<string> arguments)
    {
        var text = vmm switch
        {
            "qemu" => QemuUuid(arguments),
            // cloud-hypervisor: vmm/src/config.rs, PlatformConfig.
            "cloud-hypervisor" => Field(Option(arguments, "platform"), "uuid"),
            _ => null,
        };
        return Guid.TryParseExact(text, "D", out var uuid) ? uuid.ToString("D") : null;
    }

    private static string Clean(string text)
    {
        var length = Math.Min(text.Length, MaxNameLength);
        if (length < text.Length && char.IsHighSurrogate(text[length - 1]))
            length--;
        return string.Create(length, text, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = char.IsControl(from[i]) ? '_' : from[i];
        });
    }
}
