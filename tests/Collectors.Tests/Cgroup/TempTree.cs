namespace Observe.Collectors.Tests.Cgroup;

/// <summary>A directory of plain files that looks like a cgroup file system, removed afterwards.</summary>
internal sealed class TempTree : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("observe-test-").FullName;

    internal TempTree With(string path, string text)
    {
        // Not Path.Combine: a cgroup's path begins with a slash, and the tree must not end up in the root directory.
        var file = $"{Root}/{path}";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        // In place, as the kernel changes its files: a reader's descriptor stays good.
        using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(0);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
        return this;
    }

    /// <summary>A v2 tree with cpu and memory.</summary>
    internal TempTree Unified() => With("cgroup.controllers", "cpuset cpu io memory pids\n");

    /// <summary>A v1 tree; <c>cpu</c> and <c>cpuacct</c> share a hierarchy as on most distributions.</summary>
    internal TempTree Legacy() => With("cpu,cpuacct/cgroup.procs", "").With("memory/cgroup.procs", "").With("blkio/cgroup.procs", "");

    /// <summary>v1 with a v2 tree beside it.</summary>
    internal TempTree Hybrid() => Legacy().With("unified/cgroup.controllers", "");

    internal TempTree WithUnifiedCgroup(string path, string max, string stat, string under = "") => With($"{under}{path}/cgroup.events", "populated 1\nfrozen 0\n")
        .With($"{under}{path}/cpu.max", max).With($"{under}{path}/cpu.max.burst", "0\n").With($"{under}{path}/cpu.stat", stat);

    internal TempTree WithLegacyCgroup(string path, string quota, string stat) => With($"cpu,cpuacct{path}/cpu.cfs_quota_us", quota)
        .With($"cpu,cpuacct{path}/cpu.cfs_period_us", "100000\n").With($"cpu,cpuacct{path}/cpu.cfs_burst_us", "0\n").With($"cpu,cpuacct{path}/cpu.stat", stat);

    internal TempTree WithPressure(string path, ulong cpu, ulong memory, ulong io, string under = "")
    {
        foreach (var (resource, total) in new[] { ("cpu", cpu), ("memory", memory), ("io", io) })
            With($"{under}{path}/{resource}.pressure", $"some avg10=1.23 avg60=0.10 avg300=0.00 total={total}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total={total / 2}\n");
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
