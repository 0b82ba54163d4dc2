using System.Globalization;
using Observe.Bpf.Host;
using Observe.Collectors.Cgroup;
using Observe.Collectors.Identity;

namespace Observe.Collectors.Kvm;

/// <summary>
/// Whose workload a process is, by its cgroup: the one that the scheduler ledger would charge. Where the ledger does not
/// run, nobody else tells the registry of cgroups; then this does, for as long as the process is there.
/// </summary>
/// <param name="registry">Who a cgroup is.</param>
/// <param name="layout">Where cgroups are.</param>
/// <param name="proc">Where procfs is mounted.</param>
internal sealed class VmWorkloads(WorkloadRegistry registry, CgroupLayout layout, string proc)
{
    /// <summary>Whose it is.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="startTimeUnixNano">When it began, ns since the Unix epoch.</param>
    /// <param name="announced">The cgroup that had to be told to the registry, to be retired when the process is gone; else null.</param>
    internal Workload Of(int pid, ulong startTimeUnixNano, out CgroupKey? announced)
    {
        announced = null;
        var text = ProcessText.Read(string.Create(CultureInfo.InvariantCulture, $"{proc}/{pid}/cgroup"), ProcessCgroups.MaxBytes) ?? "";
        var legacy = !layout.DefaultHierarchyInUse;
        var path = PathOf(text, legacy);
        if (layout.Mode == CgroupMode.Hybrid && path == "/")
            (path, legacy) = (PathOf(text, true), true);
        if (path is null || KeyOf(path, legacy) is not { } key)
            return WorkloadRegistry.Unattributed;
        if (registry.TryGet(key, out var workload))
            return workload;
        announced = key;
        return registry.Born(key, path, startTimeUnixNano);
    }

    private string? PathOf(string text, bool legacy) => ProcessCgroups.PathIn(text, legacy) is { } shown ? layout.FromRoot(shown, legacy) : null;

    private CgroupKey? KeyOf(string path, bool legacy)
    {
        var key = legacy ? CgroupKey.OfLegacyHierarchy(0) : CgroupKey.OfDefaultHierarchy(0);
        if (layout.DirectoryOf(key, path) is not { } directory || KernelFile.Inode(directory) is not { } inode)
            return null;
        return legacy ? CgroupKey.OfLegacyHierarchy(inode) : CgroupKey.OfDefaultHierarchy(inode);
    }
}
