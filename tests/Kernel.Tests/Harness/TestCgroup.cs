using System.Globalization;

namespace Observe.Kernel.Tests.Harness;

/// <summary>
/// A cgroup of a test, in every hierarchy that matters on this machine. What its own files say of it is the independent
/// truth. Removed with its children when disposed.
/// </summary>
internal sealed class TestCgroup : IAsyncDisposable
{
    private static int made;
    private readonly IReadOnlyList<CgroupTree> trees;
    private readonly List<TestCgroup> children = [];

    private TestCgroup(string path, IReadOnlyList<CgroupTree> trees)
    {
        Path = path;
        this.trees = trees;
        foreach (var tree in trees)
            Directory.CreateDirectory(In(tree));
    }

    /// <summary>From the root of the hierarchies: <c>/observe-test-...</c>.</summary>
    public string Path { get; }

    /// <summary>Where a process writes itself to join.</summary>
    public IEnumerable<string> ProcsFiles => trees.Select(tree => $"{In(tree)}/cgroup.procs");

    /// <summary>Makes one with a name of its own.</summary>
    /// <param name="name">What it is for.</param>
    public static TestCgroup Create(string name) => At($"/observe-test-{name}-{Environment.ProcessId}-{Interlocked.Increment(ref made)}");

    /// <summary>
    /// Makes one in the v2 hierarchy only, where there is one: its threads stay in the root of the v1 cpu controller. Its
    /// children have no real-time budget, and threads that wake one another without end in one of them may starve all others.
    /// </summary>
    /// <param name="name">What it is for.</param>
    public static TestCgroup CreateUnified(string name)
    {
        var path = $"/observe-test-{name}-{Environment.ProcessId}-{Interlocked.Increment(ref made)}";
        var unified = CgroupTree.Mounted.Where(tree => tree.Unified).ToArray();
        return new TestCgroup(path, unified.Length > 0 ? unified : CgroupTree.Mounted);
    }

    /// <summary>Makes one at a path.</summary>
    /// <param name="path">From the root of the hierarchies.</param>
    public static TestCgroup At(string path) => new(path, CgroupTree.Mounted);

    /// <summary>Makes one below; on v2 the cpu controller is handed down.</summary>
    /// <param name="name">Its name.</param>
    public TestCgroup Child(string name)
    {
        foreach (var tree in trees.Where(tree => tree is { Unified: true, Cpu: true }))
            File.WriteAllText($"{In(tree)}/cgroup.subtree_control", "+cpu");
        var child = new TestCgroup($"{Path}/{name}", trees);
        children.Add(child);
        return child;
    }

    /// <summary>Moves a process here.</summary>
    public void Join(int pid)
    {
        foreach (var file in ProcsFiles)
            File.WriteAllText(file, $"{pid}");
    }

    /// <summary>Limits its CPU bandwidth.</summary>
    /// <param name="quota">us a period; null lifts the limit.</param>
    /// <param name="period">us.</param>
    public void SetQuota(int? quota, int period = 100_000)
    {
        var tree = trees.Single(tree => tree.Cpu);
        if (tree.Unified)
        {
            File.WriteAllText($"{In(tree)}/cpu.max", $"{quota?.ToString(CultureInfo.InvariantCulture) ?? "max"} {period}");
            return;
        }
        File.WriteAllText($"{In(tree)}/cpu.cfs_period_us", $"{period}");
        File.WriteAllText($"{In(tree)}/cpu.cfs_quota_us", $"{quota ?? -1}");
    }

    /// <summary>Limits its memory, without swap.</summary>
    /// <param name="bytes">At most.</param>
    /// <returns>False where the memory controller is not in the v2 hierarchy.</returns>
    public bool TrySetMemory(long bytes)
    {
        var directory = In(trees.FirstOrDefault(tree => tree.Unified) ?? trees[0]);
        if (!File.Exists($"{directory}/memory.max"))
            return false;
        File.WriteAllText($"{directory}/memory.max", $"{bytes}");
        if (File.Exists($"{directory}/memory.swap.max"))
            File.WriteAllText($"{directory}/memory.swap.max", "0");
        return true;
    }

    /// <summary>Processes killed in it for want of memory: memory.events oom_kill.</summary>
    public double OomKills() => Field(In(trees.Single(tree => tree.Unified)), "memory.events", "oom_kill")!.Value;

    /// <summary>CPU time that its tasks have used, seconds: cpu.stat usage_usec, or cpuacct.usage.</summary>
    public double Usage()
    {
        var tree = trees.First(tree => tree.Usage);
        return tree.Unified
            ? Field(In(tree), "cpu.stat", "usage_usec")!.Value / 1e6
            : long.Parse(File.ReadAllText($"{In(tree)}/cpuacct.usage"), CultureInfo.InvariantCulture) / 1e9;
    }

    /// <summary>Time that its quota kept its run queues off, summed over CPUs, seconds: cpu.stat.</summary>
    public double Throttled()
    {
        var tree = trees.Single(tree => tree.Cpu);
        return (Field(In(tree), "cpu.stat", "throttled_usec") / 1e6 ?? Field(In(tree), "cpu.stat", "throttled_time") / 1e9)!.Value;
    }

    /// <summary>Time that a quota, its own or an ancestor's, kept its own tasks off (cpu.stat.local), seconds; null before 6.6.</summary>
    public double? ThrottledLocal()
    {
        var tree = trees.Single(tree => tree.Cpu);
        return Field(In(tree), "cpu.stat.local", "throttled_usec") / 1e6 ?? Field(In(tree), "cpu.stat.local", "throttled_time") / 1e9;
    }

    /// <summary>Removes it; a cgroup stays busy for a moment after its last task was reaped.</summary>
    public async Task RemoveAsync()
    {
        foreach (var child in children)
            await child.RemoveAsync();
        foreach (var directory in trees.Select(In))
        {
            for (var attempt = 0; Directory.Exists(directory); attempt++)
            {
                try
                {
                    Directory.Delete(directory);
                }
                catch (IOException) when (attempt < 500)
                {
                    await Task.Delay(10);
                }
            }
        }
    }

    public async ValueTask DisposeAsync() => await RemoveAsync();

    private string In(CgroupTree tree) => tree.Path + Path;

    private static double? Field(string directory, string file, string field)
    {
        if (!File.Exists($"{directory}/{file}"))
            return null;
        foreach (var line in File.ReadLines($"{directory}/{file}"))
        {
            if (line.StartsWith(field + ' ', StringComparison.Ordinal))
                return long.Parse(line[(field.Length + 1)..], CultureInfo.InvariantCulture);
        }
        return null;
    }
}
