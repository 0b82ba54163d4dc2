using System.Globalization;

namespace Observe.Collectors.Identity;

/// <summary>
/// Looks once at the first process of a new container or pod, for what no path tells: gVisor, and a virtual machine in a
/// container's cgroup. Never fails: what cannot be read leaves what the path says.
/// </summary>
/// <param name="directoryOf">The directory of a cgroup, by its key and its path; null if no mount shows it.</param>
/// <param name="procRoot">Where procfs is mounted, in the agent's pid namespace.</param>
public sealed class IsolationProbe(Func<CgroupKey, string, string?> directoryOf, string procRoot = "/proc")
{
    /// <summary>Processes that are looked for at most, in case the first ones have ended or are of another pid namespace (then listed as 0).</summary>
    private const int MaxProcesses = 4;

    /// <summary>Most bytes read of each file: one page. A process whose first argument is longer than that is no VMM.</summary>
    private const int MaxBytes = 4096;

    /// <summary>What a cgroup's isolation is.</summary>
    /// <param name="cgroup">Its key.</param>
    /// <param name="path">Its path.</param>
    /// <param name="isolation">What the path says; files are only read for a container.</param>
    internal WorkloadIsolation Refine(CgroupKey cgroup, string path, WorkloadIsolation isolation)
    {
        if (isolation != WorkloadIsolation.Container || directoryOf(cgroup, path) is not { } directory || ProcessText.Read($"{directory}/cgroup.procs", MaxBytes) is not { } processes)
            return isolation;
        var lines = processes.AsSpan();
        for (var i = 0; i < MaxProcesses && lines.IndexOf('\n') is >= 0 and var end; i++)
        {
            var known = int.TryParse(lines[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0;
            lines = lines[(end + 1)..];
            if (known && ProcessText.Read($"{procRoot}/{pid}/comm", MaxBytes)?.TrimEnd('\n') is { } comm)
                return isolation.Refine(comm, IsAmbiguous(comm) ? FirstArgument(pid) : "");
        }
        return isolation;
    }

    // What is run from /proc/self/exe, and shims of every runtime, 15 bytes of their name. Of others the command line is not
    // read: it stands in the process's memory, and a reader waits with a process that hangs in a page fault.
    private static bool IsAmbiguous(string comm) => comm is "exe" or "containerd-shim";

    private string FirstArgument(int pid)
    {
        var line = ProcessText.Read($"{procRoot}/{pid}/cmdline", MaxBytes) ?? "";
        var end = line.IndexOf('\0', StringComparison.Ordinal);
        return end < 0 ? line : line[..end];
    }
}
