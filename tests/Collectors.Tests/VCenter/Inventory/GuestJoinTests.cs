using Observe.Collectors.Guest;
using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Inventory;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.VCenter.Inventory;

public sealed class GuestJoinVCenterTests
{
    private const string Bios = "4208a1b2-c3d4-e5f6-0718-293a4b5c6d7e";
    private const string Swapped = "b2a10842-d4c3-f6e5-0718-293a4b5c6d7e";
    private readonly FakeVCenter vcenter = new();
    private readonly ManagedObject host;
    private readonly ManagedObject vm;

    public GuestJoinVCenterTests()
    {
        host = vcenter.Inventory.AddHost("esx1", vcenter.Inventory.AddCluster("c1", vcenter.Inventory.AddDatacenter("dc1")));
        vm = vcenter.Inventory.AddVm("web", host);
        vcenter.Inventory.AddVm("other", host);
        vcenter.Inventory.Set(vm, ("config.uuid", Values.Text(Bios.ToUpperInvariant())), ("config.instanceUuid", Values.Text("id1")));
    }

    [Theory]
    [InlineData(Bios)]
    [InlineData(Swapped)]
    public async Task Export_HostWithAVmsUuid_SaysWhichVmItIs(string hostId)
    {
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        var join = Join(hostId, followed);

        var values = Exported(join);

        values.ShouldBe(["observe_host_vm_info vcenter=vc1 vcenter_vm_name=web vcenter_vm_id=id1 vcenter_host_name=esx1 vcenter_cluster_name=c1 vcenter_datacenter_name=dc1 1", "observe_host_vm_candidates 1"], ignoreOrder: true);
        join.Machine!.Object.ShouldBe(vm);
        join.Status!.Level.ShouldBe(StatusLevel.Ok);
        VCenterInventoryTests.Attribute(join.Machine.Resource, "host.id").ShouldBe(Bios, "as HostId has it in the guest: in lower case, in VMware's order");
    }

    [Fact]
    public async Task Export_ItsVmMoves_SaysWhereItIsNow()
    {
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        var join = Join(Bios, followed);
        Exported(join);

        vcenter.Inventory.MoveVm(vm, vcenter.Inventory.AddHost("esx2", vcenter.Inventory.All("ClusterComputeResource")[0]));
        await followed.SyncedAsync();

        Exported(join).ShouldContain(each => each.Contains("vcenter_host_name=esx2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_TwoVmsWithItsUuid_SaysThatItIsNotKnown()
    {
        vcenter.Inventory.Set(vcenter.Inventory.AddVm("copy", host), "config.uuid", Bios);
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        var join = Join(Bios, followed);

        Exported(join).ShouldBe(["observe_host_vm_candidates 2"]);
        join.Machine.ShouldBeNull();
        join.Status!.Level.ShouldBe(StatusLevel.Degraded);
        join.Status.Detail.ShouldContain("2 VMs");
    }

    [Fact]
    public async Task Export_OneVmInEachByteOrder_TakesTheOneThatIsExact()
    {
        vcenter.Inventory.Set(vcenter.Inventory.AddVm("mirror", host), "config.uuid", Swapped);
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        var join = Join(Swapped, followed);
        Exported(join);

        join.Machine!.Name.ShouldBe("mirror");
    }

    [Fact]
    public async Task Export_SameVmByVCenterAndByItsHost_IsOne()
    {
        await using var followed = new Followed(vcenter);
        await using var again = new Followed(vcenter, name: "esx1");
        await followed.SyncedAsync();
        await again.SyncedAsync();
        var join = new GuestJoin(Bios, new Resource([], []), [("vc1", followed.Inventory), ("esx1", again.Inventory)], TimeProvider.System);

        Exported(join).ShouldContain(each => each.StartsWith("observe_host_vm_info vcenter=vc1 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData(null)]
    public async Task Export_HostWithoutSmbiosUuid_SaysNothing(string? hostId)
    {
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        var join = Join(hostId, followed);

        Exported(join).ShouldBeEmpty();
        join.Status.ShouldBeNull();
    }

    [Fact]
    public void Swap_Uuid_TurnsTheFirstThreeFieldsRound()
    {
        SmbiosUuid.Swap(Guid.Parse(Bios)).ShouldBe(Guid.Parse(Swapped));
        SmbiosUuid.Swap(SmbiosUuid.Swap(Guid.Parse(Bios))).ShouldBe(Guid.Parse(Bios));
    }

    [Theory]
    [InlineData("VMware-42 08 a1 b2 c3 d4 e5 f6-07 18 29 3a 4b 5c 6d 7e", Bios)]
    [InlineData("VMware-42 08 a1 b2", null)]
    [InlineData("CZ1234567", null)]
    [InlineData(null, null)]
    public void OfVMwareSerial_SerialNumbers_AreReadInTheirOrder(string? serial, string? expected) =>
        SmbiosUuid.OfVMwareSerial(serial)?.ToString("D").ShouldBe(expected);

    private static GuestJoin Join(string? hostId, Followed followed) => new(hostId, new Resource([], []), [("vc1", (IVCenterInventory)followed.Inventory)], TimeProvider.System);

    private static List<string> Exported(GuestJoin join)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        join.Export(builder);
        using var lease = builder.Build(1);
        return [.. lease.Snapshot.Families.SelectMany(family => family.Points.ToArray().Select(point => string.Join(' ', [family.Metric.PrometheusName, .. point.Series.Labels.Select(label => $"{label.Name}={label.Value}"), $"{point.Value}"])))];
    }
}
