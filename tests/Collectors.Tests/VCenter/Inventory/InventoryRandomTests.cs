using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Inventory;

public sealed class InventoryVCenterRandomTests
{
    private const int Changes = 1000;

    public static TheoryData<int> Seeds => Environment.GetEnvironmentVariable("OBSERVE_LONG") == "1" ? [.. Enumerable.Range(1, 100)] : [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Follow_AThousandChangesAndTroubles_KnowsExactlyWhatThereIs(int seed)
    {
        var vcenter = new FakeVCenter(seed: seed);
        var random = new Random(seed);
        vcenter.Inventory.TellsElements = random.Next(4) > 0;
        var changes = new RandomInventory(vcenter, seed);
        await using var followed = new Followed(vcenter);
        var truth = new InventoryTruth(vcenter.Inventory);
        await followed.SyncedAsync();
        var kinds = new Dictionary<string, int>();

        for (var i = 0; i < Changes; i++)
        {
            changes.Next();
            if (random.Next(8) == 0)
                Count(Trouble(vcenter, random));
            // Changes are told one by one, and in heaps.
            if (random.Next(3) == 0)
                await Task.Delay(1, TestContext.Current.CancellationToken);
            if (i % 100 == 99)
            {
                vcenter.Faults.Clear();
                await followed.SyncedAsync();
                truth.ShouldBe(followed.Inventory);
            }
        }

        changes.Done.Count.ShouldBe(18, "every kind of change is made");
        foreach (var vm in vcenter.Inventory.All("VirtualMachine"))
            UsageShouldBe(followed, vcenter, vm);
        var values = followed.Values();
        followed.Losses.All.Sum(each => each.Value).ShouldBe(0);
        await followed.StopAsync();
        vcenter.Sessions.OpenObjects.ShouldBe(0, "what was made on the server is given up");
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"seed {seed}: {string.Join(", ", kinds.Select(each => $"{each.Value} {each.Key}"))}; {vcenter.Sessions.Logins} logins, {values["observe_vcenter_inventory_resyncs_total{vc1,inventory}"]} + {values["observe_vcenter_inventory_resyncs_total{vc1,usage}"]} resyncs, "
            + $"{vcenter.Requests.Count()} requests, {truth.Objects.Count} objects at the end");

        void Count(string kind) => kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
    }

    private static string Trouble(FakeVCenter vcenter, Random random)
    {
        switch (random.Next(9))
        {
            case 0:
                vcenter.Sessions.KillAll();
                return "sessions killed";
            case 1:
                vcenter.Faults.Next(FakeTrouble.CutBefore, "WaitForUpdatesEx", random.Next(3));
                return "cuts before";
            case 2:
                vcenter.Faults.Next(FakeTrouble.CutAfter, "WaitForUpdatesEx", random.Next(3));
                return "answers lost";
            case 3:
                vcenter.PropertyCollectors.ForgetVersions();
                return "versions forgotten";
            case 4:
                vcenter.PropertyCollectors.MostUpdates = 1 + random.Next(20);
                return "truncations";
            case 5:
                vcenter.PropertyCollectors.MostUpdates = 1000;
                return "truncations ended";
            case 6:
                vcenter.Faults.Next(new VimFaultException("ManagedObjectNotFound", "gone"), "WaitForUpdatesEx", random.Next(3));
                return "not found";
            case 7:
                vcenter.Faults.Next(random.Next(2) == 0 ? FakeTrouble.CutBefore : FakeTrouble.Http503, new[] { "CreateFilter", "CreateContainerView", "CreatePropertyCollector", "RetrieveServiceContent" }[random.Next(4)]);
                return "set-ups failed";
            default:
                vcenter.Faults.Next(FakeTrouble.KillSession, "WaitForUpdatesEx", random.Next(3));
                return "sessions killed while waiting";
        }
    }

    private static void UsageShouldBe(Followed followed, FakeVCenter vcenter, ManagedObject vm)
    {
        var known = followed.Inventory.Find(vm)!;
        if (!known.IsSampled)
            return;
        var labels = string.Join(',', known.Resource.Labels.Select(label => label.Value));
        followed.Values()[$"vcenter_vm_cpu_usage_MHz{{{labels}}}"].ShouldBe(vcenter.Inventory.Get(vm, "summary.quickStats.overallCpuUsage")!.AsInt64!.Value, vm.ToString());
    }
}
