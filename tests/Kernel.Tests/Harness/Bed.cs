using System.Globalization;

namespace Observe.Kernel.Tests.Harness;

/// <summary>Where the tests run and how long they may take: durations shrink under emulation and grow on request.</summary>
internal static class Bed
{
    /// <summary>In a virtual machine of the kernel matrix: processors are emulated there.</summary>
    public static bool InVm { get; } = Environment.GetEnvironmentVariable("OBSERVE_VM") == "1";

    /// <summary>OBSERVE_LONG=1: the full durations of the acceptance criteria, where a change is checked with shorter ones.</summary>
    public static bool Long { get; } = Environment.GetEnvironmentVariable("OBSERVE_LONG") == "1";

    /// <summary>OBSERVE_HOTPLUG=1, or a machine of our own: a CPU may be taken away from everything that runs here.</summary>
    public static bool MayUnplug { get; } = InVm || Environment.GetEnvironmentVariable("OBSERVE_HOTPLUG") == "1";

    /// <summary>Processors online.</summary>
    public static int Cpus { get; } = Environment.ProcessorCount;

    /// <summary>The repository: OBSERVE_ROOT, or the nearest directory above this program with the solution in it.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>What was built into artifacts, by path below it.</summary>
    public static string Artifact(string path) => Path.Combine(Root, "artifacts", path);

    /// <summary>Seconds to run for.</summary>
    /// <param name="host">Here.</param>
    /// <param name="vm">Under emulation.</param>
    /// <param name="full">With OBSERVE_LONG=1; 0 means as on the host.</param>
    public static double Seconds(double host, double vm, double full = 0) => Long && full > 0 ? full : InVm ? vm : host;

    /// <summary>For a command line.</summary>
    public static string Text(double seconds) => seconds.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>Why the tests cannot run here, or null.</summary>
    public static string? Missing() =>
        !Environment.IsPrivilegedProcess ? "needs root: the agent loads BPF programs and the tests make cgroups"
        : !File.Exists("/sys/kernel/btf/vmlinux") ? "needs a kernel with BTF (CONFIG_DEBUG_INFO_BTF)"
        : !File.Exists(Artifact("observe/observe")) ? $"needs {Artifact("observe/observe")}: run 'make build'"
        : !File.Exists(Artifact("load/spin")) ? $"needs {Artifact("load/spin")}: run 'make test'"
        : null;

    private static string FindRoot()
    {
        if (Environment.GetEnvironmentVariable("OBSERVE_ROOT") is { Length: > 0 } named)
            return named;
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Observe.sln")))
                return directory.FullName;
        }
        throw new InvalidOperationException($"no Observe.sln above {AppContext.BaseDirectory}: name the repository in OBSERVE_ROOT");
    }
}
