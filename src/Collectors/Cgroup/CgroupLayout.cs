using Observe.Collectors.Identity;

namespace Observe.Collectors.Cgroup;

/// <summary>
/// Where a host keeps its cgroups: v1, v2 or both. A path means the same cgroup in each hierarchy that has it, and here it is turned into
/// the directory that holds a controller's files. Immutable.
/// </summary>
public sealed partial class CgroupLayout
{
    private readonly CgroupMount?[] controllers;
    private readonly CgroupMount? unified;
    private readonly CgroupNamespace? unifiedNamespace;
    private readonly CgroupNamespace? legacyNamespace;

    private CgroupLayout(CgroupMount? unified, CgroupMount?[] controllers, Probe probe)
    {
        this.unified = unified;
        this.controllers = controllers;
        unifiedNamespace = NamespaceOf(unified, legacy: false, probe);
        legacyNamespace = NamespaceOf(controllers[(int)CgroupController.Cpu], legacy: true, probe);
        Mode = (unified, controllers[(int)CgroupController.Cpu]) switch
        {
            (null, null) => CgroupMode.None,
            (null, _) => CgroupMode.Legacy,
            (_, { IsUnified: false }) => CgroupMode.Hybrid,
            _ => CgroupMode.Unified,
        };
        DefaultHierarchyInUse = unified is not null && probe.DefaultHierarchyInUse;
        HasPressure = unified is not null && probe.HasPressure;
        Status = Describe(probe);
    }

    /// <summary>Which hierarchies there are.</summary>
    public CgroupMode Mode { get; }

    /// <summary>
    /// Whether tasks are told apart by their cgroup of the default (v2) hierarchy. Otherwise, on v1 hosts and on hybrid ones that keep
    /// everything in the root of v2, by that of the v1 CPU hierarchy.
    /// </summary>
    public bool DefaultHierarchyInUse { get; }

    /// <summary>Whether cgroups have pressure stall information: the kernel has it on and there is a v2 tree.</summary>
    public bool HasPressure { get; }

    /// <summary>What was found, for <c>observe check</c>.</summary>
    public ComponentStatus Status { get; }

    /// <summary>The directory that holds a controller's files of a cgroup; it need not exist.</summary>
    /// <param name="controller">Which controller.</param>
    /// <param name="path">Path of the cgroup from the root of its hierarchy.</param>
    /// <returns>Null if no hierarchy with the controller is mounted, or the mount does not reach up to the cgroup.</returns>
    public string? DirectoryOf(CgroupController controller, string path) => controllers[(int)controller]?.DirectoryOf(path);

    /// <summary>Whether a controller is of v2, which decides the names and the units of its files.</summary>
    /// <param name="controller">Which controller.</param>
    public bool IsUnified(CgroupController controller) => controllers[(int)controller] is { IsUnified: true };

    /// <summary>The directory of a cgroup in the v2 tree, with or without controllers; it need not exist.</summary>
    /// <param name="path">Path of the cgroup from the root of its hierarchy.</param>
    /// <returns>Null if there is no v2 tree, or the mount does not reach up to the cgroup.</returns>
    public string? UnifiedDirectoryOf(string path) => unified?.DirectoryOf(path);

    /// <summary>The directory of a cgroup in the hierarchy that its key is of; it need not exist.</summary>
    /// <param name="cgroup">Its key.</param>
    /// <param name="path">Path of the cgroup from the root of its hierarchy.</param>
    /// <returns>Null if that hierarchy is not mounted, or the mount does not reach up to the cgroup.</returns>
    public string? DirectoryOf(CgroupKey cgroup, string path) => cgroup.IsLegacy ? DirectoryOf(CgroupController.Cpu, path) : UnifiedDirectoryOf(path);

    /// <summary>The path from the root of the hierarchy, of one that the kernel shows to this process, such as in <c>/proc/PID/cgroup</c>.</summary>
    /// <param name="shown">As it is shown: where this process is in a cgroup namespace of its own, the way from where that begins.</param>
    /// <param name="legacy">In the v1 cpu hierarchy rather than in v2.</param>
    /// <returns>Null where it cannot be told.</returns>
    internal string? FromRoot(string shown, bool legacy) => (legacy ? legacyNamespace : unifiedNamespace) is { } ours ? ours.FromRoot(shown) : shown;

    private static CgroupNamespace? NamespaceOf(CgroupMount? mount, bool legacy, in Probe probe) =>
        mount is { NamespaceDepth: > 0 } && mount.IsUnified != legacy && ProcessCgroups.PathIn(probe.OwnCgroups, legacy) is { } own
            ? new CgroupNamespace(mount.Directory, mount.NamespaceDepth, own, probe.ProcessId)
            : null;

    /// <summary>What files and directories say beyond the mounts.</summary>
    /// <param name="UnifiedControllers">Controllers of the v2 root: <c>cgroup.controllers</c>.</param>
    /// <param name="DefaultHierarchyInUse">Whether cgroups are made in the v2 tree.</param>
    /// <param name="HasPressure">Whether the kernel has PSI on.</param>
    /// <param name="IsNamespaced">Whether what is mounted as the root is a part of the host's tree.</param>
    /// <param name="Root">Where was looked.</param>
    /// <param name="OwnCgroups">The cgroups of this process: <c>/proc/self/cgroup</c>.</param>
    /// <param name="ProcessId">This process.</param>
    internal readonly record struct Probe(
        IReadOnlyList<string> UnifiedControllers, bool DefaultHierarchyInUse, bool HasPressure, bool IsNamespaced, string Root = DefaultRoot, string OwnCgroups = "", int ProcessId = 0);

    private ComponentStatus Describe(in Probe probe)
    {
        const string component = "cgroup layout";
        var cpu = controllers[(int)CgroupController.Cpu];
        if (Mode == CgroupMode.None)
        {
            return new ComponentStatus(component, StatusLevel.Failed, $"no cgroup hierarchy is mounted at {probe.Root}: no quotas, no throttling counts, no pressure",
                "mount it (in a container: the host's /sys/fs/cgroup), or set collectors.cgroup.root to where it is mounted; then restart the agent");
        }
        var detail = Mode switch
        {
            CgroupMode.Legacy => $"v1, cpu at {cpu!.Directory}; no pressure: that takes v2",
            CgroupMode.Hybrid => $"hybrid: v2 at {unified!.Directory}, cpu of v1 at {cpu!.Directory}",
            _ => $"v2 at {unified!.Directory}",
        };
        detail += $"; workloads by their cgroup of {(DefaultHierarchyInUse ? "the default (v2) hierarchy" : "the v1 cpu hierarchy")}";
        if (probe.IsNamespaced || cpu is { Root: not "/" } || unified is { Root: not "/" })
        {
            return new ComponentStatus(component, StatusLevel.Degraded, detail + "; only a part of the host's tree is mounted, quotas and pressure of the rest cannot be read",
                "mount the host's /sys/fs/cgroup (docker run -v /sys/fs/cgroup:/sys/fs/cgroup:ro; in Kubernetes a hostPath), and set collectors.cgroup.root where that is elsewhere");
        }
        if (cpu is null)
        {
            return new ComponentStatus(component, StatusLevel.Degraded, detail + "; the cpu controller is not available, so there are no quotas",
                "enable the cpu controller (cgroup_disable= must not name it)");
        }
        return Mode != CgroupMode.Legacy && !HasPressure
            ? new ComponentStatus(component, StatusLevel.Ok, detail + "; the kernel has pressure stall information off (boot with psi=1 to have it)")
            : new ComponentStatus(component, StatusLevel.Ok, detail);
    }
}
