using System.Reflection;
using Observe.Bpf.Host;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests;

public sealed class PermissionTests
{
    /// <summary>Runs <see cref="Unprivileged_Load"/> in a process of its own that has no capabilities.</summary>
    [KernelFact]
    public void Load_WithoutCapabilities_SaysWhichAreNeeded()
    {
        var (code, output, error) = Tool.Run(
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
            "env", "HOME=/tmp", "dotnet", Assembly.GetExecutingAssembly().Location,
            "-explicit", "only", "-noColor", "-method", $"{typeof(PermissionTests).FullName}.{nameof(Unprivileged_Load)}");

        code.ShouldBe(0, output + error);
        output.ShouldContain("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0");
        (output + error).ShouldNotContain("libbpf:", Case.Sensitive, "libbpf printed by itself");
    }

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
}
