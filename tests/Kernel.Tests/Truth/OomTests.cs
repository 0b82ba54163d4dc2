using System.Diagnostics;
using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Processes killed for want of memory, against the cgroup's own count.</summary>
public sealed class OomTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    [Fact]
    public async Task OomKills_OneAfterTheOther_AreTheCgroups()
    {
        await using var group = TestCgroup.Create("oom");
        Assert.SkipUnless(group.TrySetMemory(16 << 20), "needs the memory controller of cgroup v2: DockerTests have v1's");
        var before = (await Agent.ScrapeAsync()).Sum("observe_oom_kills_total");
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "read _; tail /dev/zero; tail /dev/zero; tail /dev/zero; read _"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        group.Join(shell.Id);
        await shell.StandardInput.WriteLineAsync();
        for (var attempt = 0; attempt < 300 && group.OomKills() < 3; attempt++)
            await Pass(0.1);
        await Pass(0.5); // until the last of them is dead
        var scrape = await Agent.ScrapeAsync();
        var kills = group.OomKills();
        await shell.StandardInput.WriteLineAsync();
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Note($"{kills} kills");
        kills.ShouldBeGreaterThanOrEqualTo(3);
        scrape.Value("observe_oom_kills_total", ("workload", group.Path.TrimStart('/'))).ShouldBe(kills);
        (scrape.Sum("observe_oom_kills_total") - before).ShouldBe(kills);
    }
}
