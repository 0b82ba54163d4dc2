namespace Observe.Collectors.Cgroup;

/// <summary>Which hierarchies a host has mounted.</summary>
public enum CgroupMode
{
    /// <summary>None that can be seen.</summary>
    None,

    /// <summary>v1 only.</summary>
    Legacy,

    /// <summary>v1 with the CPU controller, and a v2 tree beside it.</summary>
    Hybrid,

    /// <summary>v2, with the CPU controller or without controllers of v1 beside it.</summary>
    Unified,
}
