using System.Globalization;
using Observe.Collectors.Tests.Cgroup;

namespace Observe.Collectors.Tests.Kvm.Stats;

/// <summary>Directories that look like procfs and KVM's part of debugfs, removed afterwards.</summary>
internal sealed class MadeHost : IDisposable
{
    private readonly TempTree tree = new();

    internal string Proc => $"{tree.Root}/proc";

    internal string Sys => $"{tree.Root}/sys";

    internal string Debugfs => $"{Sys}/kernel/debug/kvm";

    /// <summary>Where cgroups are.</summary>
    internal string Cgroups => $"{tree.Root}/cgroup";

    /// <summary>Any file, by its path from the root.</summary>
    internal MadeHost With(string path, string text)
    {
        tree.With(path, text);
        return this;
    }

    internal MadeHost WithProcess(int pid, string comm, params string[] links)
    {
        tree.With($"proc/{pid}/comm", $"{comm}\n").With($"proc/{pid}/status", $"Name:\t{comm}\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t{pid}\nNgid:\t0\nPid:\t{pid}\n");
        Directory.CreateDirectory($"{Proc}/{pid}/fd");
        for (var i = 0; i < links.Length; i++)
            File.CreateSymbolicLink($"{Proc}/{pid}/fd/{i}", links[i]);
        return this;
    }

    /// <summary>A thread of process 100.</summary>
    internal MadeHost WithVcpu(int tid, string comm, string stat, string schedstat) =>
        With($"proc/100/task/{tid}/comm", $"{comm}\n").With($"proc/100/task/{tid}/stat", stat).With($"proc/100/task/{tid}/schedstat", schedstat);

    /// <summary>A thread that is not its process' first: it can be asked for by number, and is not listed.</summary>
    internal MadeHost WithThread(int tid, int pid)
    {
        tree.With($"proc/{tid}/status", $"Name:\tvmm\nTgid:\t{pid}\nPid:\t{tid}\n");
        return this;
    }

    internal MadeHost WithVm(int creator, int descriptor, params (string Name, ulong Value)[] stats)
    {
        Directory.CreateDirectory($"{Debugfs}/{creator}-{descriptor}/vcpu0");
        foreach (var (name, value) in stats)
            tree.With($"sys/kernel/debug/kvm/{creator}-{descriptor}/{name}", value.ToString(CultureInfo.InvariantCulture) + "\n");
        return this;
    }

    internal void RemoveVm(int creator, int descriptor) => Directory.Delete($"{Debugfs}/{creator}-{descriptor}", recursive: true);

    internal void RemoveProcess(int pid) => Directory.Delete($"{Proc}/{pid}", recursive: true);

    public void Dispose() => tree.Dispose();
}
