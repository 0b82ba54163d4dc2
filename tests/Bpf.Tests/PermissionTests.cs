using System.Reflection;
using Observe.Bpf.Host;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests;

public sealed class PermissionTests
{
    private static readonly string[] AsNobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];

    [KernelFact]
    public void Load_WithoutCapabilities_SaysWhichAreNeeded()
    {
        var output = RunAlone(nameof(Unprivileged_Load), [.. AsNobody, "--inh-caps=-all", "--bounding-set=-all"]);

        output.ShouldNotContain("libbpf:", Case.Sensitive, "libbpf printed by itself");
    }

    [KernelFact]
    public void RestrictTo_Root_KeepsOnlyThoseInAllThreads() => RunAlone(nameof(Restricted_Load), ["--inh-caps=-all"]);

    [KernelFact]
    public void RestrictTo_OtherUser_KeepsOnlyThoseInAllThreads() => RunAlone(
        nameof(Restricted_Load),
        [.. AsNobody, "--inh-caps=+bpf,+perfmon,+sys_admin,+setpcap", "--ambient-caps=+bpf,+perfmon,+sys_admin,+setpcap"]);

    [Fact(Explicit = true)]
    public void Unprivileged_Load()
    {
        Capabilities.Effective.Bits.ShouldBe(0ul);
        using var obj = ProbeObject.Open();

        var error = Should.Throw<BpfException>(obj.Load);

        error.ErrnoName.ShouldBe("EPERM");
        error.Message.ShouldContain("CAP_BPF and CAP_PERFMON are needed");
        error.Message.ShouldContain("AmbientCapabilities=CAP_BPF CAP_PERFMON");
    }

    [Fact(Explicit = true)]
    public void Restricted_Load()
    {
        // Starts this process again the first time.
        Capabilities.RestrictTo(Capability.Bpf, Capability.PerfMon);

        var both = $"{1UL << (int)Capability.Bpf | 1UL << (int)Capability.PerfMon:x16}";
        var threads = Directory.GetDirectories("/proc/self/task").Select(task => File.ReadAllText($"{task}/status")).ToArray();
        threads.Length.ShouldBeGreaterThan(3);
        threads.ShouldAllBe(status => status.Contains($"CapEff:\t{both}\n") && status.Contains($"CapPrm:\t{both}\n"));
        Should.Throw<BpfException>(BpfStats.Enable).Message.ShouldContain("EPERM (Operation not permitted); CAP_SYS_ADMIN is needed");
        using var obj = ProbeObject.Load();
        obj.Program("on_switch").Attach().IsInvalid.ShouldBeFalse();
    }

    /// <summary>Runs one of the explicit tests in a process of its own, with the privileges that setpriv(1) gives it.</summary>
    private static string RunAlone(string test, string[] privileges)
    {
        var (code, output, error) = Tool.Run(
            "setpriv",
            [
                .. privileges, "env", "HOME=/tmp", "dotnet", Assembly.GetExecutingAssembly().Location,
                "-explicit", "only", "-noColor", "-method", $"{typeof(PermissionTests).FullName}.{test}",
            ]);

        code.ShouldBe(0, output + error);
        output.ShouldContain("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", Case.Sensitive, error);
        return output + error;
    }
}
