using System.Security.Cryptography;
using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Cgroups that come and go leak nothing, take nothing of others', and are seen however short their lives.</summary>
[Trait("kernels", "any")]
public sealed class CgroupChurnTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Slots_ManyCgroupsMadeAndRemoved_AreTakenBackAndMisattributeNothing(bool withTask)
    {
        var count = withTask ? (Bed.InVm ? 300 : 5_000) : Bed.InVm ? 3_000 : Bed.Long ? 100_000 : 30_000;
        await using var group = TestCgroup.Create("probe");
        await using var probe = await Load.StartAsync(group, "sleepwake", Bed.Text(600), "--period-us", "2000", "--work-us", "500");
        var first = await Agent.ScrapeAsync();
        await using var load = await Load.StartAsync(null, "mkcgroups", withTask ? [$"{count}", "--with-task"] : [$"{count}"]);
        var said = await load.EndAsync();
        var usageBefore = group.Usage();
        var second = await Agent.ScrapeAsync();
        var usageAfter = group.Usage();
        var slots = second.Slots;
        for (var look = 0; look < 40 && slots > first.Slots; look++)
        {
            await Pass(0.25);
            slots = (await Agent.ScrapeAsync()).Slots;
        }
        var last = await Agent.ScrapeAsync();

        Note($"{count} cgroups in {Load.Seconds(said, "end_ns") - Load.Seconds(said, "start_ns"):0.0} s; slots {first.Slots} -> {second.Slots} -> {slots}; slots_full {second.Lost("ledger_slots_full") - first.Lost("ledger_slots_full")}");
        slots.ShouldBeLessThanOrEqualTo(first.Slots);
        (last.Lost("ledger_slots_full") - first.Lost("ledger_slots_full")).ShouldBe(0);
        // The probe's own, all its life, by the cgroup's account.
        var spent = second.Workload(group.Path);
        Note($"probe: {spent}");
        Agree("running of the probe", spent.Running, new Interval(usageBefore, usageAfter), Tolerance.Usage);
        Agree("lifetime of the probe", (spent - first.Workload(group.Path)).Total, second.Elapsed - first.Elapsed, Tolerance.Lifetime);
        last.Document.Samples.Where(sample => sample.Labels.Values.Any(value => value.Contains("observe-test-mk-", StringComparison.Ordinal))).ShouldBeEmpty("series of cgroups long gone");
    }

    [Fact]
    public async Task Container_ThatLives50Milliseconds_AppearsNamedOnceThenNeverAgain()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var parents = CgroupTree.Mounted.Select(tree => tree.Path + "/docker").Where(path => !Directory.Exists(path)).ToArray();
        double usage;
        try
        {
            await using var container = TestCgroup.At($"/docker/{id}");
            await using (var load = await Load.StartAsync(container, "spin", "0.05"))
                await load.EndAsync();
            usage = container.Usage();
        }
        finally
        {
            foreach (var parent in parents)
                Directory.Delete(parent);
        }
        await Pass(0.5); // its slot is taken back meanwhile: what it ran up is kept all the same
        var scrape = await Agent.ScrapeAsync();
        var spent = scrape.Workload($"/docker/{id}");

        Note($"{spent}");
        var info = scrape.All("observe_workload_info", ("observe_cgroup_path", $"/docker/{id}")).Single();
        info.Labels["workload_kind"].ShouldBe("container");
        info.Labels["workload"].ShouldStartWith(id[..12]);
        info.Labels.Values.ShouldContain(id);
        // It spins for 50 ms by the clock: whatever of it others take from its CPU, it runs or waits.
        (spent.Running + spent.Waiting).ShouldBeGreaterThan(0.045);
        Agree("running", spent.Running, usage, Bed.InVm ? 1 : 0.1, 0.05); // ms of such a short life are one turn on a CPU
        var next = await Agent.ScrapeAsync();
        next.Text.ShouldNotContain(id[..12]);
    }
}
