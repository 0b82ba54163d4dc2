using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Start to first good scrape, and SIGTERM to the end.</summary>
[Trait("kernels", "any")]
public sealed class LifecycleTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    [Fact]
    public async Task Agent_StartedAndStopped_LeavesNothingInTheKernel()
    {
        await using var second = new AgentUnderTest();
        await second.InitializeAsync();
        var during = BpfPrograms.OfAgents();
        var scrape = await second.ScrapeAsync();
        scrape.Value("observe_collector_success", ("collector", "sched")).ShouldBe(1);
        var attached = scrape.All("observe_bpf_program_attached").Where(sample => sample.Value == 1).ToArray();
        attached.ShouldNotBeEmpty();

        await second.StopAsync();
        Note($"ready after {second.TimeToReady.TotalSeconds:0.00} s; stopped after {second.TimeToStop!.Value.TotalSeconds:0.00} s; programs {during.Count} -> {BpfPrograms.OfAgents().Count}");
        // The other agent's are there still: bpftool does see them.
        during.Count.ShouldBeGreaterThanOrEqualTo(2 * attached.Length);
        BpfPrograms.OfAgents().Count.ShouldBe(during.Count - attached.Length);
    }
}
