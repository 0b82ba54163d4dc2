namespace Observe.Collectors.Cgroup;

/// <summary>A controller whose files are read.</summary>
public enum CgroupController
{
    /// <summary>Bandwidth: <c>cpu</c> on v1 and v2.</summary>
    Cpu,

    /// <summary>Usage: <c>cpuacct</c> on v1, part of every v2 cgroup.</summary>
    CpuAccounting,

    /// <summary>Memory.</summary>
    Memory,

    /// <summary>Block I/O: <c>blkio</c> on v1, <c>io</c> on v2.</summary>
    Io,
}
