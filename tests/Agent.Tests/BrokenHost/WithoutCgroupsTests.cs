using System.Net;
using Observe.Agent.Tests.EndToEnd;

namespace Observe.Agent.Tests.BrokenHost;

/// <summary>The built program where the cgroup file systems are missing, or may only be read.</summary>
public sealed class WithoutCgroupsTests
{
    private static readonly HostWithout Hidden = new("mount -t tmpfs none /sys/fs/cgroup");

    // Every mount below counts by itself.
    private static readonly HostWithout ReadOnly = new(
        "for mount in $(awk '$5 ~ \"^/sys/fs/cgroup\" { print $5 }' /proc/self/mountinfo | sort -ru); do mount -o remount,ro,bind \"$mount\"; done; ! mkdir /sys/fs/cgroup/*/observe-test 2>/dev/null");

    [Fact]
    public async Task Check_NotMounted_Is1WithOneLineOfCauseAndRemedy()
    {
        BuiltAgent.SkipUnlessUsable();

        var (code, output, _) = await BuiltAgent.CommandAsync(Hidden, "check", "--listen", "127.0.0.1:0");

        code.ShouldBe(1);
        output.Split('\n').Where(each => each.Contains(" failed ", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldMatch(
            "^cgroup layout +failed +no cgroup hierarchy is mounted at /sys/fs/cgroup: no quotas, no throttling counts, no pressure +"
            + @"mount it \(in a container: the host's /sys/fs/cgroup\), or set collectors\.cgroup\.root to where it is mounted; then restart the agent$");
    }

    [Fact]
    public async Task Run_NotMounted_LedgerGoesOnAndTheRestIsSaidOnce()
    {
        BuiltAgent.SkipUnlessUsable();
        await using var agent = await BuiltAgent.RunAsync(host: Hidden);

        var (code, ready) = await agent.GetAsync("/readyz");
        var (_, metrics) = await agent.GetAsync("/metrics");
        await Task.Delay(300, TestContext.Current.CancellationToken);
        await agent.GetAsync("/metrics");
        var (exit, _) = await agent.StopAsync();

        const string Cause = "no cgroup hierarchy is mounted at /sys/fs/cgroup: no quotas, no throttling counts, no pressure";
        code.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ready.ShouldContain(Cause);
        ready.ShouldContain("set collectors.cgroup.root");
        metrics.ShouldContain("observe_collector_success{collector=\"sched\"} 1\n");
        metrics.ShouldContain("observe_collector_success{collector=\"cgroup\"} 0\n");
        metrics.ShouldMatch("""observe_thread_time_seconds_total\{[^}]*state="running"\} (?!0\n)[0-9]""");
        agent.Log.Count(each => each.Contains(Cause, StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', agent.Log));
        exit.ShouldBe(0);
    }

    [Fact]
    public async Task Run_ReadOnly_NothingIsMissing()
    {
        BuiltAgent.SkipUnlessUsable();
        await using var agent = await BuiltAgent.RunAsync(host: ReadOnly);

        (await agent.GetAsync("/readyz")).ShouldBe((HttpStatusCode.OK, "ready\n"));
        agent.Log.ShouldAllBe(each => each.Contains("level=info", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_ReadOnly_SaysThatThisIsEnough()
    {
        BuiltAgent.SkipUnlessUsable();

        var (code, output, _) = await BuiltAgent.CommandAsync(ReadOnly, "check", "--listen", "127.0.0.1:0");

        code.ShouldBe(0, output);
        output.ShouldMatch("cgroup layout +ok +[^\n]*; read-only, which is enough");
    }
}
