namespace Observe.Bpf.Host;

/// <summary>Linux capabilities that Observe may need (linux/capability.h).</summary>
public enum Capability
{
    /// <summary>Read any file: other users' cgroup files.</summary>
    DacReadSearch = 2,

    /// <summary>Network administration.</summary>
    NetAdmin = 12,

    /// <summary>Read other processes' memory maps and links.</summary>
    SysPtrace = 19,

    /// <summary>The old catch-all; BPF before Linux 5.8, and BPF statistics still.</summary>
    SysAdmin = 21,

    /// <summary>Raise limits, locked memory before Linux 5.11 among them.</summary>
    SysResource = 24,

    /// <summary>Tracing programs. Linux 5.8.</summary>
    PerfMon = 38,

    /// <summary>Loading BPF programs and reading maps. Linux 5.8.</summary>
    Bpf = 39,
}
