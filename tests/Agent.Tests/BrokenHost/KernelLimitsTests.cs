using Observe.Agent.Tests.EndToEnd;

namespace Observe.Agent.Tests.BrokenHost;

/// <summary>The built program under kernel lockdown, and without locked memory.</summary>
public sealed class KernelLimitsTests
{
    /// <summary>Linux 5.11 charges maps to the memory cgroup instead of RLIMIT_MEMLOCK (commit 97306be45fbe).</summary>
    private static readonly Version UnlimitedMaps = new(5, 11);

    [Theory]
    [InlineData("[none] integrity confidentiality", 0, "lockdown +ok +none$")]
    [InlineData("none [integrity] confidentiality", 0,
        "lockdown +degraded +integrity: fentry and kprobe programs may be refused; tracepoints carry the ledger without them +none is needed where the rows of the programs are ok; else boot without lockdown$")]
    [InlineData("none integrity [confidentiality]", 1,
        "lockdown +failed +confidentiality: BPF programs may not read kernel memory +boot with lockdown=integrity or without it$")]
    public async Task Check_Lockdown_IsOneLine(string modes, int expected, string row)
    {
        BuiltAgent.SkipUnlessUsable();
        Assert.SkipUnless(Directory.Exists("/sys/kernel/security"), "this kernel has no securityfs");

        // What the kernel reports is ours here, what it does is not: the ledger's rows stay as they are.
        var host = new HostWithout($"mount -t tmpfs none /sys/kernel/security; echo '{modes}' >/sys/kernel/security/lockdown");
        var (code, output, _) = await BuiltAgent.CommandAsync(host, "check", "--listen", "127.0.0.1:0");

        output.Split('\n').ShouldContain(each => System.Text.RegularExpressions.Regex.IsMatch(each, "^" + row), output);
        code.ShouldBe(expected);
    }

    [Fact]
    public async Task Check_NoLockedMemory_MattersToOldKernelsOnly()
    {
        BuiltAgent.SkipUnlessUsable();

        var (code, output, _) = await BuiltAgent.CommandAsync(
            new HostWithout("", "setpriv", "--bounding-set=-sys_resource", "--inh-caps=-sys_resource", "prlimit", "--memlock=0"), "check", "--listen", "127.0.0.1:0");

        if (Environment.OSVersion.Version >= UnlimitedMaps)
        {
            code.ShouldBe(0, output);
            output.ShouldMatch("locked memory +ok +no limit applies: this kernel charges BPF maps to the cgroup\n");
        }
        else
        {
            code.ShouldBe(1, output);
            output.ShouldMatch("locked memory +failed +limited to 0 KiB, and this kernel charges BPF maps to it +LimitMEMLOCK=infinity in the unit, docker run --ulimit memlock=-1, or grant CAP_SYS_RESOURCE\n");
            output.ShouldMatch("ledger +failed +cannot load BPF object ledger: EPERM [^\n]*locked memory is limited: raise it [^\n]*\n");
        }
    }
}
