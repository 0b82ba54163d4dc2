using System.Text.RegularExpressions;
using Observe.Bpf.Host;
using Observe.Bpf.Interop;

namespace Observe.Bpf;

/// <summary>Turns an error number and what libbpf said into what a person can act upon.</summary>
internal static partial class BpfDiagnosis
{
    /// <summary>The verifier states its reason in its last lines.</summary>
    private const int VerifierLines = 16;

    private const int LibraryLines = 8;

    /// <summary>Linux 5.11 charges maps to the memory cgroup instead of RLIMIT_MEMLOCK (commit 97306be45fbe).</summary>
    private static readonly Version UnlimitedMaps = new(5, 11);

    private const string VerifierEnd = "-- END PROG LOAD LOG --";
    private const string VerifierBegin = "-- BEGIN PROG LOAD LOG --";

    /// <summary>The lines of a log that matter: the end of the verifier's, or else of libbpf's.</summary>
    internal static string Tail(string log)
    {
        var end = log.LastIndexOf(VerifierEnd, StringComparison.Ordinal);
        if (end < 0)
            return LastLines(log.Replace("libbpf: ", "", StringComparison.Ordinal), LibraryLines, "libbpf");
        var begin = log.LastIndexOf(VerifierBegin, end, StringComparison.Ordinal);
        return LastLines(log[(begin < 0 ? 0 : begin + VerifierBegin.Length)..end], VerifierLines, "verifier");
    }

    /// <summary>The program that the kernel refused, if the log names one.</summary>
    internal static string? RefusedProgram(string log) =>
        RefusedProgramPattern().Match(log) is { Success: true } match ? match.Groups[1].Value : null;

    internal static string? Remedy(int errno, string log)
    {
        if (Has("valid kernel BTF") || Has("vmlinux BTF: -") || Has("BTF is required"))
            return "the kernel offers no type information: it needs CONFIG_DEBUG_INFO_BTF=y, or a BTF file for this kernel";
        if (KernelTypePattern().Match(log) is { Success: true } type)
            return $"this kernel has no '{type.Groups[1].Value}' to attach to (renamed, inlined, or in a module that is not loaded)";
        return errno switch
        {
            // libbpf suggests this whenever the limit is finite, and says so when it may not raise it; it can be the cause only where maps count against it.
            Errno.EPERM when (Has("ulimit -l") || Has("Failed to bump RLIMIT_MEMLOCK")) && Environment.OSVersion.Version < UnlimitedMaps && MayLoad() =>
                "locked memory is limited: raise it (systemd: LimitMEMLOCK=infinity; shell: ulimit -l unlimited)",
            Errno.EPERM or Errno.EACCES when !Has(VerifierEnd) => Permission(),
            Errno.E2BIG => "too large: a map beyond the kernel's limits, or a program beyond the verifier's instruction limit",
            Errno.ENOMEM => "the kernel could not allocate the maps: lower their sizes, or raise the memory limit of this service's cgroup",
            Errno.ENOENT or Errno.ESRCH => "the hook does not exist in this kernel (renamed, not compiled in, or in a module that is not loaded)",
            Errno.EBUSY => "something else holds it exclusively",
            Errno.ENOSYS => "this kernel was built without bpf(2), or a seccomp filter forbids it",
            Errno.EOPNOTSUPP or Errno.ENOTSUPP => "this kernel lacks the feature",
            _ => null,
        };

        bool Has(string text) => log.Contains(text, StringComparison.Ordinal);
    }

    private static bool MayLoad()
    {
        var have = Capabilities.Effective;
        return have.Has(Capability.SysAdmin) || (have.Has(Capability.Bpf) && have.Has(Capability.PerfMon));
    }

    private static string Permission()
    {
        if (MayLoad())
            return KernelLockdown.Current is { } mode and not "none"
                ? $"the capabilities are there, but kernel lockdown is in mode '{mode}', which refuses fentry, fexit and kprobes"
                : "the capabilities are there; kernel lockdown (which refuses fentry, fexit and kprobes), seccomp or a security module may forbid it";
        return "CAP_BPF and CAP_PERFMON are needed (Linux 5.8; CAP_SYS_ADMIN before): run as root, or grant them "
            + "(systemd: AmbientCapabilities=CAP_BPF CAP_PERFMON)";
    }

    private static string LastLines(string text, int count, string speaker)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Join('\n', lines.TakeLast(count).Select(line => $"  {speaker}: {line}"));
    }

    [GeneratedRegex("prog '([^']+)': (?:BPF program load failed|failed to (?:find|load|prepare|relocate))")]
    private static partial Regex RefusedProgramPattern();

    [GeneratedRegex("failed to find kernel BTF type ID of '([^']+)'")]
    private static partial Regex KernelTypePattern();
}
