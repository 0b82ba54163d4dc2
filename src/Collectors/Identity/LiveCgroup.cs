namespace Observe.Collectors.Identity;

/// <summary>A cgroup that exists, or did and has not been forgotten yet. One instance a life, compared by reference.</summary>
public sealed class LiveCgroup
{
    internal LiveCgroup(CgroupKey key, string path, ulong startTimeUnixNano, WorkloadClaim claim)
    {
        Key = key;
        Path = path;
        StartTimeUnixNano = startTimeUnixNano;
        Claim = claim;
    }

    /// <summary>Its number.</summary>
    public CgroupKey Key { get; }

    /// <summary>Its path from the root of its hierarchy.</summary>
    public string Path { get; }

    /// <summary>When it was made, ns since the Unix epoch.</summary>
    public ulong StartTimeUnixNano { get; }

    /// <summary>Whose it is; several cgroups may share one.</summary>
    public Workload Workload => Claim.Workload;

    internal WorkloadClaim Claim { get; }
}
