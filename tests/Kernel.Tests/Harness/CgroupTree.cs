namespace Observe.Kernel.Tests.Harness;

/// <summary>A mounted cgroup hierarchy that a test's groups have to be made in.</summary>
/// <param name="Path">Where it is mounted.</param>
/// <param name="Unified">A v2 tree.</param>
/// <param name="Cpu">Holds quotas.</param>
/// <param name="Usage">Counts CPU time.</param>
internal sealed record CgroupTree(string Path, bool Unified, bool Cpu, bool Usage)
{
    /// <summary>Those that matter, as tests/load/cgroup.c finds them: v2, and of v1 what has cpu or cpuacct.</summary>
    public static IReadOnlyList<CgroupTree> Mounted { get; } = [.. Find()];

    private static IEnumerable<CgroupTree> Find()
    {
        foreach (var line in File.ReadLines("/proc/self/mounts"))
        {
            var fields = line.Split(' ');
            var options = fields[3].Split(',');
            if (fields[2] == "cgroup2")
            {
                var cpu = File.ReadAllText($"{fields[1]}/cgroup.controllers").Split([' ', '\n']).Contains("cpu");
                yield return new CgroupTree(fields[1], true, cpu, cpu);
            }
            else if (fields[2] == "cgroup" && (options.Contains("cpu") || options.Contains("cpuacct")))
            {
                yield return new CgroupTree(fields[1], false, options.Contains("cpu"), options.Contains("cpuacct"));
            }
        }
    }
}
