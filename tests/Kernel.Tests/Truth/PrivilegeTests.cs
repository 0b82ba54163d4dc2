using System.Globalization;
using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>An agent that has given up its capabilities: that it has none any more, and measures as exactly as before.</summary>
public sealed class PrivilegeTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    private const ulong Bpf = 1UL << 39;

    /// <summary>The first kernel that lets everyone use the maps that he has open (commit c8644cd0efe7).</summary>
    private static readonly Version FirstWithoutGate = new(5, 19);

    private static readonly string[] Held = ["CapEff", "CapPrm"];
    private static readonly string[] None = ["CapInh", "CapAmb"];

    [Fact]
    [Trait("kernels", "oldest")]
    public async Task GivenUp_AfterAttach_NoThreadHasMoreAndAllIsMeasuredAsBefore()
    {
        await using var agent = new AgentUnderTest { Options = ["--set", "privileges.drop=attached"] };
        await agent.InitializeAsync();
        Note(await WhenGivenUpAsync(agent));
        var kept = IsGated() ? Bpf : 0;
        CheckThreads(agent.Pid, kept);

        // All of this is younger than that.
        await using var rivals = TestCgroup.Create("unprivileged-rival");
        await using var rival = await Load.StartAsync(rivals, "spin", Bed.Text(Bed.Seconds(8, 5)), "--cpu", "1");
        await using var group = TestCgroup.Create("unprivileged");
        await using var load = await Load.StartAsync(group, "spin", Bed.Text(Bed.Seconds(4, 3)), "--cpu", "1");
        group.SetQuota(20_000);
        await Pass(1);
        var meanwhile = (await agent.ScrapeAsync()).Workload(group.Path);
        var said = (await load.EndAsync()).GetProperty("threads")[0];
        var last = await agent.ScrapeAsync();
        var spent = last.Workload(group.Path);

        Note($"{spent}; kernel: throttled {group.Throttled():0.000000}, local {group.ThrottledLocal():0.000000}");
        var elapsed = Load.Seconds(said, "end_ns") - Load.Seconds(said, "start_ns");
        var waited = Load.Seconds(said, "wait_ns");
        meanwhile.Total.ShouldBeInRange(0.5, spent.Total, "what is open shows");
        Agree("running", spent.Running, Load.Seconds(said, "cpu_ns"), Tolerance.Usage, elapsed);
        // Of its last period up to 0.1 s comes after its last look at its own account.
        Agree("waiting and throttled", spent.Waiting + spent.Throttled, new Interval(waited, waited + 0.1), Tolerance.Waiting, elapsed);
        Agree("throttled", spent.Throttled, group.ThrottledLocal() ?? group.Throttled(), Tolerance.Throttled);
        last.Stalls("throttle").ShouldBeGreaterThan(0, "single stalls are told");
        foreach (var cpu in last.Cpus)
            Math.Abs(last.Residual(cpu)).ShouldBeLessThan(60 * Tolerance.ResidualPerSecond);
        foreach (var hook in last.All("observe_bpf_program_attached"))
            hook.Value.ShouldBe(1, hook.Labels["program"]);
        // But the engine's: where a socket is left over that nobody listens at, it fails for anybody.
        last.All("observe_collector_success").Where(each => each.Value != 1).Select(each => each.Labels["collector"]).Except(["docker"]).ShouldBeEmpty(agent.Log);
        CheckThreads(agent.Pid, kept);
        (await agent.StatusOfAsync("privileges")).ShouldMatch($@"^ok: given up by all \d+ threads; held: {(kept == 0 ? "none" : "CAP_BPF")}$");
    }

    [Fact]
    [Trait("kernels", "any")]
    public async Task Kept_UnlessAsked_AllThreadsHaveThem()
    {
        var own = await File.ReadAllLinesAsync("/proc/self/status", TestContext.Current.CancellationToken);
        CheckSets(Agent.Pid, Held, ulong.Parse(own.Single(line => line.StartsWith("CapEff:", StringComparison.Ordinal))[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        (await Agent.StatusOfAsync("privileges")).ShouldMatch("^ok: capabilities held: .*; privileges.drop is never$");
    }

    /// <summary>Waits until the agent says that it is done, and returns that row.</summary>
    internal static async Task<string> WhenGivenUpAsync(AgentUnderTest agent)
    {
        for (var deadline = Scrape.Now + (Bed.InVm ? 120 : 15); ;)
        {
            var row = await agent.StatusOfAsync("privileges");
            if (row.Contains("given up by all", StringComparison.Ordinal))
                return row;
            Scrape.Now.ShouldBeLessThan(deadline, $"{row}\n{agent.Log}");
            await Task.Delay(50);
        }
    }

    /// <summary>By the kernel's own rule, and not by what the agent found out.</summary>
    private static bool IsGated() =>
        Environment.OSVersion.Version < FirstWithoutGate && File.ReadAllText("/proc/sys/kernel/unprivileged_bpf_disabled").Trim() != "0";

    private static void CheckThreads(int pid, ulong kept)
    {
        CheckSets(pid, Held, kept);
        CheckSets(pid, None, 0);
        // Bounded, too, where we may be: root of a container has not always CAP_SETPCAP.
        if (File.ReadAllText("/proc/self/status") is var own && own.Contains("CapEff:\t000001ffffffffff", StringComparison.Ordinal))
            CheckSets(pid, ["CapBnd"], kept);
    }

    private static void CheckSets(int pid, string[] sets, ulong expected)
    {
        var tasks = Directory.GetDirectories($"/proc/{pid}/task");
        tasks.Length.ShouldBeGreaterThan(5);
        foreach (var task in tasks)
        {
            string[] status;
            try
            {
                status = File.ReadAllLines($"{task}/status");
            }
            catch (IOException)
            {
                continue; // it has ended
            }
            foreach (var set in sets)
                status.ShouldContain($"{set}:\t{expected:x16}", $"{task}: {status[0]}");
        }
    }
}
