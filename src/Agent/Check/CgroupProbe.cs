using Observe.Collectors;

namespace Observe.Agent.Check;

/// <summary>How are the host's cgroups laid out, and do we see the host's?</summary>
/// <param name="root">Where they are mounted.</param>
/// <param name="paths">Where to look for how.</param>
public sealed class CgroupProbe(string root, HostPaths paths) : IProbe
{
    /// <summary>Names of the v1 cpu controller's mount, as distributions have it.</summary>
    private static readonly string[] CpuMounts = ["cpu,cpuacct", "cpu"];

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) => new([Remark(Look())]);

    // Many containers have it so, and many tools need more.
    private ComponentStatus Remark(ComponentStatus found) =>
        found.Level == StatusLevel.Ok && IsReadOnly() ? found with { Detail = found.Detail + "; read-only, which is enough" } : found;

    private bool IsReadOnly()
    {
        try
        {
            // 36 35 98:0 /root /mount-point options ...; the last one at a place is the one that shows.
            var options = File.ReadLines(Path.Combine(paths.Proc, "self/mountinfo")).Select(each => each.Split(' '))
                .LastOrDefault(each => each.Length > 5 && each[4] == root)?[5];
            return options?.Split(',').Contains("ro") ?? false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private ComponentStatus Look()
    {
        const string Component = "cgroup layout";
        if (File.Exists(Path.Combine(root, "cgroup.controllers")))
        {
            // The true root has no events file; the root of a cgroup namespace is an ordinary group below it.
            return File.Exists(Path.Combine(root, "cgroup.events"))
                ? new(
                    Component, StatusLevel.Degraded, $"v2, but {root} shows only this container's own groups",
                    "use the host's cgroup namespace: docker run --cgroupns=host, or mount the host's /sys/fs/cgroup and set collectors.cgroup.root")
                : new(Component, StatusLevel.Ok, $"v2 at {root}");
        }
        var cpu = CpuMounts.Select(each => Path.Combine(root, each)).FirstOrDefault(Directory.Exists);
        var unified = File.Exists(Path.Combine(root, "unified/cgroup.controllers"));
        return (cpu, unified) switch
        {
            (not null, true) => new(Component, StatusLevel.Ok, $"hybrid: v1 cpu at {cpu}, v2 at {root}/unified"),
            (not null, false) => new(Component, StatusLevel.Ok, $"v1: cpu at {cpu}"),
            (null, true) => new(
                Component, StatusLevel.Degraded, $"v2 at {root}/unified, no cpu controller at {root}: no quotas are reported",
                "mount the cpu controller, or boot with systemd.unified_cgroup_hierarchy=1"),
            _ => new(
                Component, StatusLevel.Failed, $"{root} is no cgroup file system: no quotas, no throttling counts, no pressure",
                "mount it (in a container: the host's /sys/fs/cgroup), or set collectors.cgroup.root to where it is mounted"),
        };
    }
}
