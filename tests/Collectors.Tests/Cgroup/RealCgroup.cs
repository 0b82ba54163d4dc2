using System.Diagnostics;
using System.Globalization;
using Observe.Collectors.Cgroup;

namespace Observe.Collectors.Tests.Cgroup;

/// <summary>A cgroup of this kernel, in the CPU controller's hierarchy and in v2 under the same path, removed afterwards with what runs in it.</summary>
internal sealed class RealCgroup : IDisposable
{
    private readonly List<Process> processes = [];
    private readonly List<string> directories = [];

    internal RealCgroup(CgroupLayout layout, string path)
    {
        Path = path;
        Cpu = layout.DirectoryOf(CgroupController.Cpu, path)!;
        Unified = layout.UnifiedDirectoryOf(path);
        foreach (var directory in new[] { Cpu, Unified }.OfType<string>().Distinct())
        {
            Directory.CreateDirectory(directory);
            directories.Add(directory);
        }
    }

    internal string Path { get; }

    internal string Cpu { get; }

    internal string? Unified { get; }

    /// <summary>Skips the test, saying why, where cgroups with a quota cannot be made.</summary>
    internal static CgroupLayout RequireLayout()
    {
        Assert.SkipUnless(Environment.UserName == "root", "making cgroups takes root");
        var layout = CgroupLayout.Detect();
        Assert.SkipUnless(layout.DirectoryOf(CgroupController.Cpu, "/") is not null, "no cgroup hierarchy with the cpu controller is mounted");
        if (layout.IsUnified(CgroupController.Cpu))
            TryWrite($"{layout.UnifiedDirectoryOf("/")}/cgroup.subtree_control", "+cpu");
        return layout;
    }

    /// <summary>Limits the cgroup, us; null for no limit.</summary>
    internal void SetQuota(CgroupLayout layout, int? quota, int period = 100_000)
    {
        if (layout.IsUnified(CgroupController.Cpu))
        {
            Write("cpu.max", $"{quota?.ToString(CultureInfo.InvariantCulture) ?? "max"} {period}");
            return;
        }
        Write("cpu.cfs_quota_us", "-1");
        Write("cpu.cfs_period_us", $"{period}");
        Write("cpu.cfs_quota_us", $"{quota ?? -1}");
    }

    /// <summary>Starts a shell command in the cgroup.</summary>
    internal void Start(string command)
    {
        var enter = string.Join(" && ", directories.Select(directory => $"echo $$ > {directory}/cgroup.procs"));
        processes.Add(Process.Start("/bin/sh", ["-c", $"{enter} && {command}"]));
    }

    /// <summary>Runs a loop that wants all of a CPU, for at most a minute.</summary>
    internal void Spin() => Start("exec timeout 60 sh -c 'while :; do :; done'");

    /// <summary>The number after a key of the cgroup's cpu.stat, read by other means than the collector's.</summary>
    internal ulong Stat(string key) =>
        ulong.Parse(File.ReadAllLines($"{Cpu}/cpu.stat").Single(line => line.StartsWith(key + ' ', StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);

    internal double ThrottledSeconds(CgroupLayout layout) => layout.IsUnified(CgroupController.Cpu) ? Stat("throttled_usec") / 1e6 : Stat("throttled_time") / 1e9;

    /// <summary>Ends what runs in the cgroup.</summary>
    internal void Stop()
    {
        foreach (var process in processes)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
        processes.Clear();
        // What was not a child of ours, such as the child of a shell that was killed first.
        for (var attempt = 0; attempt < 100 && directories.Any(directory => File.ReadAllText($"{directory}/cgroup.procs").Length > 0); attempt++)
            Thread.Sleep(20);
    }

    internal void Remove()
    {
        Stop();
        foreach (var directory in directories)
            Directory.Delete(directory);
        directories.Clear();
    }

    public void Dispose() => Remove();

    private static void TryWrite(string file, string text)
    {
        try
        {
            File.WriteAllText(file, text);
        }
        catch (IOException)
        {
            // Then the cgroups have no cpu.max, and the test says so.
        }
    }

    private void Write(string name, string text) => File.WriteAllText($"{Cpu}/{name}", text);
}
