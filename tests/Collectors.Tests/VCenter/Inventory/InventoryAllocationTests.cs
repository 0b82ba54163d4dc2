using Observe.Collectors.Tests.Identity;
using Observe.Collectors.Tests.VCenter.Fake;

namespace Observe.Collectors.Tests.VCenter.Inventory;

[Collection(nameof(Alone))]
public sealed class InventoryVCenterAllocationTests
{
    [Fact]
    public async Task Export_NothingChanged_AllocatesNothing()
    {
        var vcenter = new FakeVCenter();
        _ = new RandomInventory(vcenter, seed: 1);
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        followed.Collect().ShouldBeGreaterThan(500);
        await followed.StopAsync();

        SteadyAllocations.Of(() => followed.Collect()).ShouldBe(0);
    }
}
