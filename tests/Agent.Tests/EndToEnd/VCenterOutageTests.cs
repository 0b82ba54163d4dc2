using System.Diagnostics;

namespace Observe.Agent.Tests.EndToEnd;

/// <summary>The agent as it is run, when its vCenter dies, comes back, and hangs.</summary>
public sealed class VCenterOutageTests
{
    [Fact]
    public async Task Run_ServerKilledStartedAgainAndHanging_RecoversByItselfAndStopsWithin2Seconds()
    {
        await using var bed = await VCenterBed.MakeAsync();
        int port;
        ObserveProcess agent;
        Uri address;
        await using (var first = await bed.SimulateAsync())
        {
            port = first.Url.Port;
            agent = bed.Run(first.Url, "main");
            address = await VCenterBed.AddressAsync(agent);
            await Until.SoAsync("the inventory is there", () => HasAsync("observe_vcenter_inventory_complete{vcenter=\"main\"} 1\n"));
            (await HasAsync("observe_collector_success{collector=\"vcenter\"} 1\n")).ShouldBeTrue();
            await first.KillAsync();
        }
        using var ending = agent;
        await Until.SoAsync("the loss is seen", () => HasAsync("observe_collector_success{collector=\"vcenter\"} 0\n"));

        await using var second = await bed.SimulateAsync(port);
        var made = await second.CloneAsync((await second.ListAsync("VirtualMachine")).Values.First(), "made later");
        await Until.SoAsync("all is well again", () => HasAsync("observe_collector_success{collector=\"vcenter\"} 1\n"));
        await Until.SoAsync($"{made} is known", () => HasAsync("vcenter_vm_name=\"made later\""));

        second.Hang();
        bed.IsReceiverHanging = true;
        var clock = Stopwatch.StartNew();
        agent.Signal("TERM");
        (await agent.ExitAsync()).ShouldBe(0, agent.Error);
        var took = clock.Elapsed;
        took.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        TestContext.Current.TestOutputHelper!.WriteLine($"stopped in {took.TotalSeconds:0.00} s, server and receiver hanging");
        File.Exists(Path.Combine(bed.StateDirectory, "vcenter", "main.json")).ShouldBeTrue();
        VCenterBed.ShouldHaveNoSecret([agent.Output, agent.Error]);

        async Task<bool> HasAsync(string text) => (await bed.GetAsync(address, "/metrics")).Contains(text, StringComparison.Ordinal);
    }
}
