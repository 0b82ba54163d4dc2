namespace Observe.Collectors.Cgroup;

/// <summary>How reading a file of a cgroup ended.</summary>
internal enum CgroupRead
{
    /// <summary>With its text.</summary>
    Ok,

    /// <summary>It is not there, now: the controller is not enabled, the kernel is too old, or the directory is not made yet.</summary>
    Absent,

    /// <summary>The cgroup was removed while the file was open.</summary>
    Gone,

    /// <summary>Something that should work did not; it has been counted.</summary>
    Failed,
}
