using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Inventory;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Inventory;

public sealed class VCenterInventoryTests
{
    private readonly FakeVCenter vcenter = new();
    private readonly ManagedObject datacenter;
    private readonly ManagedObject cluster;
    private readonly ManagedObject host;

    public VCenterInventoryTests()
    {
        datacenter = vcenter.Inventory.AddDatacenter("berlin");
        cluster = vcenter.Inventory.AddCluster("production", datacenter);
        host = vcenter.Inventory.AddHost("esx1.example", cluster);
    }

    [Fact]
    public async Task Follow_VmThatMoves_KeepsItsLabelsWithAnotherResource()
    {
        var vm = vcenter.Inventory.AddVm("web", host);
        var other = vcenter.Inventory.AddHost("esx2.example", vcenter.Inventory.AddCluster("test", datacenter));
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        var before = followed.Inventory.Find(vm)!;
        var version = followed.Inventory.Version;
        var series = SeriesOf("web", followed);

        vcenter.Inventory.MoveVm(vm, other);
        await followed.SyncedAsync();

        var after = followed.Inventory.Find(vm)!;
        after.Resource.ShouldNotBeSameAs(before.Resource);
        after.Resource.Labels.ShouldBe(before.Resource.Labels);
        Attribute(before.Resource, "vcenter.host.name").ShouldBe("esx1.example");
        Attribute(after.Resource, "vcenter.host.name").ShouldBe("esx2.example");
        Attribute(after.Resource, "vcenter.cluster.name").ShouldBe("test");
        Attribute(after.Resource, "vcenter.resource_pool.inventory_path").ShouldBe("/berlin/host/test/Resources");
        after.Host.ShouldBe(other);
        followed.Inventory.Version.ShouldBeGreaterThan(version);
        series.Count.ShouldBeGreaterThan(10);
        SeriesOf("web", followed).ShouldBe(series, ignoreOrder: true);
        followed.Values().Keys.Single(each => each.StartsWith("observe_vcenter_vm_info{vc1,web,", StringComparison.Ordinal)).ShouldContain(",berlin,test,esx2.example,");
    }

    [Fact]
    public async Task Follow_VmThatIsRenamed_EndsTheOldSeries()
    {
        var vm = vcenter.Inventory.AddVm("web", host);
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();

        vcenter.Inventory.Set(vm, "name", "a%2fb%5cc%252f");
        await followed.SyncedAsync();

        followed.Inventory.Find(vm)!.Name.ShouldBe("a/b\\c%2f");
        var keys = followed.Values().Keys;
        keys.ShouldNotContain(each => each.Contains(",web,", StringComparison.Ordinal));
        keys.ShouldContain(each => each.StartsWith("observe_vcenter_vm_cpus{vc1,a/b\\c%2f,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Follow_HostIsRenamed_ItsVmsSayWhereTheyAre()
    {
        var vm = vcenter.Inventory.AddVm("web", host);
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        var version = followed.Inventory.Version;

        vcenter.Inventory.Set(host, "name", "esx9.example");
        await followed.SyncedAsync();

        Attribute(followed.Inventory.Find(vm)!.Resource, "vcenter.host.name").ShouldBe("esx9.example");
        followed.Inventory.Version.ShouldBeGreaterThan(version);
    }

    [Fact]
    public async Task Follow_NothingThatOthersSeeChanges_VersionStands()
    {
        var vm = vcenter.Inventory.AddVm("web", host);
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        var (entity, all) = (followed.Inventory.Find(vm)!, followed.Inventory.All("VirtualMachine"));

        vcenter.Inventory.Set(vm, "overallStatus", "red", "ManagedEntityStatus");
        await Followed.UntilAsync(() => followed.Inventory.Facts(vm)!.Status == "red", "the status is not told");

        followed.Inventory.Find(vm).ShouldBeSameAs(entity);
        followed.Inventory.All("VirtualMachine").ShouldBeSameAs(all);
    }

    [Fact]
    public async Task Follow_SameNamesAndIds_LabelsDifferAllTheSame()
    {
        var first = vcenter.Inventory.AddVm("copy", host);
        var second = vcenter.Inventory.AddVm("copy", host);
        vcenter.Inventory.Set(second, "config.instanceUuid", vcenter.Inventory.Get(first, "config.instanceUuid"));
        var again = vcenter.Inventory.AddCluster("production", vcenter.Inventory.AddFolder("rack 2", vcenter.Inventory.Get(datacenter, "hostFolder")!.AsManagedObject!.Value));
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        var uuid = vcenter.Inventory.Get(first, "config.instanceUuid")!.Text;

        Label(first).ShouldBe(uuid);
        Label(second).ShouldBe($"{uuid} ({second.Id})");
        Label(cluster).ShouldBe("production");
        Label(again).ShouldBe($"production ({again.Id})");

        vcenter.Inventory.Remove(first);
        await followed.SyncedAsync();
        Label(second).ShouldBe(uuid, "there is no other any more");

        string Label(ManagedObject of) => followed.Inventory.Find(of)!.Resource.Labels[^1].Value;
    }

    [Fact]
    public async Task Follow_EsxiHostByItself_HasNoMadeUpDatacenter()
    {
        var esxi = new FakeVCenter { About = new AboutInfo("VMware ESXi 8.0.2", "8.0.2", "1", "HostAgent", "8.0.2.0", "") };
        var ha = esxi.Inventory.AddDatacenter("ha-datacenter");
        var alone = esxi.Inventory.AddHost("esx1.example", ha);
        var vm = esxi.Inventory.AddVm("web", alone);
        await using var followed = new Followed(esxi);
        await followed.SyncedAsync();

        followed.Inventory.All("Datacenter").ShouldBeEmpty();
        followed.Inventory.Find(alone)!.Resource.Labels.Select(label => $"{label.Name}={label.Value}").ShouldBe(["vcenter=vc1", "vcenter_host_name=esx1.example"]);
        followed.Inventory.Find(vm)!.Resource.Attributes.Select(each => each.Key).ShouldNotContain("vcenter.datacenter.name");
        Attribute(followed.Inventory.Find(vm)!.Resource, "vcenter.resource_pool.inventory_path").ShouldBe("/Resources");
        followed.Values().Keys.ShouldContain(each => each.StartsWith("vcenter_host_cpu_usage_MHz{vc1,esx1.example}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Follow_MoreThanThereIsRoomFor_CountsTheRest()
    {
        for (var i = 0; i < 20; i++)
            vcenter.Inventory.AddVm($"vm{i}", host);
        var all = new InventoryTruth(vcenter.Inventory).Objects.Count;
        await using var followed = new Followed(vcenter, new InventoryOptions { Structure = Followed.Fast, Usage = Followed.Fast, MaxObjects = 15 });

        await Followed.UntilAsync(() => followed.Inventory.IsComplete, "the inventory is not told");

        followed.Values().Where(each => each.Key.StartsWith("observe_vcenter_inventory_objects", StringComparison.Ordinal)).Sum(each => each.Value).ShouldBe(15);
        await Followed.UntilAsync(() => followed.Losses.Counter("vcenter_inventory_full").Value >= all - 15, "what has no room is not counted");
    }

    [Fact]
    public async Task Follow_PropertyThatMustNotBeRead_IsNotKnown()
    {
        var vm = vcenter.Inventory.AddVm("web", host);
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        followed.Inventory.Find(vm)!.Cpus.ShouldBe(2);

        vcenter.Inventory.Deny(vm, "config");
        await followed.SyncedAsync();

        var entity = followed.Inventory.Find(vm)!;
        (entity.Cpus, entity.InstanceUuid, entity.Name).ShouldBe((0, null, "web"));
        entity.Resource.Labels[^1].Value.ShouldBe(vm.Id, "without a number of its own, its place tells it from others");
    }

    [Fact]
    public void Decode_EscapedNames_AreAsPeopleGaveThem()
    {
        VimName.Decode("a%2fb").ShouldBe("a/b");
        VimName.Decode("a%5Cb").ShouldBe("a\\b");
        VimName.Decode("100%25").ShouldBe("100%");
        VimName.Decode("%252f").ShouldBe("%2f");
        VimName.Decode("50%20off").ShouldBe("50%20off", "nothing else is escaped");
    }

    internal static string? Attribute(Telemetry.Model.Resource resource, string name) => resource.Attributes.FirstOrDefault(each => each.Key == name).Value;

    /// <summary>All of one VM, but what says where it is.</summary>
    private static HashSet<string> SeriesOf(string vm, Followed followed) =>
        [.. followed.Values().Keys.Where(each => each.Contains($"{{vc1,{vm},", StringComparison.Ordinal) && !each.Contains("_info", StringComparison.Ordinal))];
}
