namespace Observe.Collectors.Identity;

/// <summary>
/// A cgroup by the number the kernel gives it. Ids are only unique within a hierarchy, and on a host without cgroup v2 the
/// legacy CPU hierarchy's are used: bit 63, which no id reaches, tells the two apart.
/// </summary>
/// <param name="Value">The id, with bit 63 set for the legacy CPU hierarchy.</param>
public readonly record struct CgroupKey(ulong Value)
{
    private const ulong LegacyFlag = 1UL << 63;

    /// <summary>The id within its hierarchy: the inode number of the cgroup's directory.</summary>
    public ulong Id => Value & ~LegacyFlag;

    /// <summary>Whether the id is of the v1 CPU hierarchy.</summary>
    public bool IsLegacy => (Value & LegacyFlag) != 0;

    /// <summary>A cgroup of the default (v2) hierarchy.</summary>
    /// <param name="id">Its id.</param>
    public static CgroupKey OfDefaultHierarchy(ulong id) => new(id);

    /// <summary>A cgroup of the v1 CPU hierarchy.</summary>
    /// <param name="id">Its id.</param>
    public static CgroupKey OfLegacyHierarchy(ulong id) => new(id | LegacyFlag);

    /// <summary>The key as the BPF maps hold it.</summary>
    /// <param name="value">The id, with bit 63 set for the legacy CPU hierarchy.</param>
    public static implicit operator CgroupKey(ulong value) => new(value);

    /// <summary>The same as the implicit conversion.</summary>
    /// <param name="value">The id, with bit 63 set for the legacy CPU hierarchy.</param>
    public static CgroupKey FromUInt64(ulong value) => new(value);
}
