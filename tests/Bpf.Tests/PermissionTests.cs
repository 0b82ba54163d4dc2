using System.Diagnostics;
using System.Reflection;
using Observe.Bpf.Host;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests;

public sealed class PermissionTests(ITestOutputHelper output)
{
    private const Capability SetPcap = (Capability)8;

    private static readonly string[] AsNobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];

    [KernelFact]
    public void Load_WithoutCapabilities_SaysWhichAreNeeded()
    {
        var output = RunAlone(nameof(Unprivileged_Load), [.. AsNobody, "--inh-caps=-all", "--bounding-set=-all"]);

        output.ShouldNotContain("libbpf:", Case.Sensitive, "libbpf printed by itself");
    }

    [KernelFact]
    public void KeepOnly_Root_NoThreadHasMore() => RunAlone(nameof(Given_Up), []);

    [KernelFact]
    public void KeepOnly_OtherUser_NoThreadHasMore() => RunAlone(
        nameof(Given_Up),
        [.. AsNobody, "--inh-caps=+bpf,+perfmon,+sys_admin", "--ambient-caps=+bpf,+perfmon,+sys_admin"]);

    [KernelFact]
    public void KeepOnly_ThreadThatTakesNoSignals_IsSaidAndCaughtUpWith() => RunAlone(nameof(Given_Up_Late), []);

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
    public void Given_Up()
    {
        using var threads = new ManyThreads();
        var mayBound = Capabilities.Effective.Has(SetPcap);
        var both = CapabilitySet.Of(Capability.Bpf, Capability.PerfMon);

        var started = Stopwatch.GetTimestamp();
        Capabilities.KeepOnly(both, TimeSpan.FromSeconds(10)).ShouldBeNull();
        output.WriteLine($"{Capabilities.OfAllThreads().Threads} threads, {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.000} ms");

        NoThreadHasMore(both.Bits, mayBound);
        threads.HaveGoneOn().ShouldBeTrue("a thread was interrupted in what it did");
        Should.Throw<BpfException>(BpfStats.Enable).Message.ShouldContain("EPERM (Operation not permitted); CAP_SYS_ADMIN is needed");
        using var obj = ProbeObject.Load();
        obj.Program("on_switch").Attach().IsInvalid.ShouldBeFalse();

        // The rest, too: what is loaded goes on, and nothing can be loaded any more.
        Capabilities.KeepOnly(default, TimeSpan.FromSeconds(10)).ShouldBeNull();
        NoThreadHasMore(0, mayBound: false);
        Capabilities.OfAllThreads().Held.Bits.ShouldBe(0ul);
        Should.Throw<BpfException>(() => ProbeObject.Load().Dispose()).ErrnoName.ShouldBe("EPERM");
        Tool.Must("grep", "CapEff", "/proc/self/status").Split('\t')[1].Trim().ShouldBe(new string('0', 16), "a program that is started has none either");
    }

    [Fact(Explicit = true)]
    public void Given_Up_Late()
    {
        using var deaf = new DeafThread();

        Capabilities.KeepOnly(default, TimeSpan.FromMilliseconds(200)).ShouldNotBeNull().ShouldMatch(@"^1 of \d+ threads had not given up theirs after 0.2 s$");
        Capabilities.OfAllThreads().Held.Bits.ShouldNotBe(0ul);
        deaf.Listen();
        Capabilities.KeepOnly(default, TimeSpan.FromSeconds(10)).ShouldBeNull();
        Capabilities.OfAllThreads().Held.Bits.ShouldBe(0ul);
    }

    private static void NoThreadHasMore(ulong kept, bool mayBound)
    {
        var statuses = Directory.GetDirectories("/proc/self/task").Select(Status).Where(each => each.Length > 0).ToArray();
        statuses.Length.ShouldBeGreaterThan(ManyThreads.Count);
        foreach (var status in statuses)
        {
            foreach (var set in new[] { "CapEff", "CapPrm" }.Concat(mayBound ? ["CapBnd"] : []))
                status.ShouldContain($"{set}:\t{kept:x16}\n");
            foreach (var set in new[] { "CapInh", "CapAmb" })
                status.ShouldContain($"{set}:\t{0:x16}\n");
            status.ShouldContain("NoNewPrivs:\t1\n");
        }

        // A thread may end meanwhile.
        static string Status(string task)
        {
            try
            {
                return File.ReadAllText($"{task}/status");
            }
            catch (IOException)
            {
                return "";
            }
        }
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
