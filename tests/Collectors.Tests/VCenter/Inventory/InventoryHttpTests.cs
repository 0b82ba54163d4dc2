using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Self;
using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.Tests.VCenter.Fake.Soap;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Inventory;
using Observe.Collectors.VCenter.Session;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.VCenter.Inventory;

/// <summary>The same as in process, with all that is on the way: SOAP, HTTP, and the session that the agent has.</summary>
public sealed class InventoryVCenterHttpTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Follow_OverHttp_KnowsExactlyWhatThereIs(bool tellsElements)
    {
        var vcenter = new FakeVCenter(seed: 11);
        vcenter.Inventory.TellsElements = tellsElements;
        vcenter.PropertyCollectors.MostUpdates = 17;
        var changes = new RandomInventory(vcenter, seed: 11);
        await using var server = await FakeSoapServer.StartAsync(vcenter);
        var endpoint = new VCenterEndpoint(server.Url) { Name = "vc1", Username = "reader", Password = "correct horse" };
        await using var session = new VCenterSession(endpoint, new VCenterOptions(), TimeProvider.System, NullLogger.Instance);
        var inventory = new VCenterInventory(
            "vc1", session, new InventoryOptions { Structure = Followed.Fast, Usage = Followed.Fast }, new Resource([], []), new LossCounters(), TimeProvider.System, NullLogger.Instance, new Random(1));
        using var stopping = new CancellationTokenSource();
        var running = inventory.RunAsync(stopping.Token);
        var markers = vcenter.Inventory.AddDatacenter("markers");
        var truth = new InventoryTruth(vcenter.Inventory);

        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 60; i++)
                changes.Next();
            var mark = vcenter.Inventory.AddDatastore($"marker-{round}", markers);
            await Followed.UntilAsync(() => inventory.IsComplete && inventory.Find(mark) is not null, "changes are not known");
            truth.ShouldBe(inventory);
            if (round == 1)
                vcenter.Sessions.KillAll();
            if (round == 2)
                vcenter.PropertyCollectors.ForgetVersions();
        }

        await stopping.CancelAsync();
        await running;
        vcenter.Sessions.OpenObjects.ShouldBe(0);
        vcenter.Sessions.Logins.ShouldBeLessThanOrEqualTo(2);
    }
}
