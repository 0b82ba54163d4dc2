using Observe.Collectors;

namespace Observe.Agent.Check;

/// <summary>Does this process see the host's processes, or only those of a container?</summary>
/// <param name="paths">Where to look.</param>
public sealed class PidNamespaceProbe(HostPaths paths) : IProbe
{
    /// <summary>The namespace that the kernel starts with has this number since Linux 3.8: <c>PROC_PID_INIT_INO</c> of linux/proc_ns.h.</summary>
    private const string Hosts = "pid:[4026531836]";

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) => new([Look()]);

    private ComponentStatus Look()
    {
        const string Component = "pid namespace";
        // Not a path that leads anywhere: the text says which namespace it is.
        return new FileInfo(Path.Combine(paths.Proc, "self/ns/pid")).LinkTarget switch
        {
            Hosts => new(Component, StatusLevel.Ok, "the host's"),
            { } => new(
                Component, StatusLevel.Degraded, "one of its own: threads are found when they first run, virtual machines have no names, isolation is not told",
                "docker run --pid=host, hostPID: true in Kubernetes"),
            null => new(Component, StatusLevel.Degraded, $"cannot tell: no {paths.Proc}/self/ns/pid", "mount the process file system"),
        };
    }
}
