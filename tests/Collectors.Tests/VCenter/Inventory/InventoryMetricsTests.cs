using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Inventory;
using Observe.Collectors.VCenter.Vim;
using Observe.Tests;

namespace Observe.Collectors.Tests.VCenter.Inventory;

public sealed class InventoryMetricsVCenterTests
{
    private const double GiB = 1L << 30;
    private readonly FakeVCenter vcenter = new();
    private readonly FakeInventory inventory;
    private readonly ManagedObject datacenter;
    private readonly ManagedObject cluster;
    private readonly ManagedObject host;
    private readonly ManagedObject vm;

    public InventoryMetricsVCenterTests()
    {
        inventory = vcenter.Inventory;
        datacenter = inventory.AddDatacenter("berlin");
        cluster = inventory.AddCluster("c1", datacenter);
        host = inventory.AddHost("esx1", cluster, cores: 16, mhz: 2500, memory: 256L << 30);
        vm = inventory.AddVm("web", host, cpus: 4, memoryMegabytes: 8192);
        inventory.Set(vm, "config.instanceUuid", "id1");
    }

    [Fact]
    public async Task Export_Vm_SaysWhatTheVCenterSays()
    {
        inventory.Set(
            vm, ("summary.quickStats.overallCpuUsage", Values.Int(2000)), ("summary.quickStats.guestMemoryUsage", Values.Int(2048)), ("summary.quickStats.balloonedMemory", Values.Int(64)),
            ("summary.quickStats.swappedMemory", Values.Int(32)), ("summary.quickStats.ssdSwappedMemory", Values.Long(16)), ("summary.quickStats.grantedMemory", Values.Int(8000)),
            ("summary.storage.committed", Values.Long(30L << 30)), ("summary.storage.uncommitted", Values.Long(10L << 30)));
        inventory.SetElement(vm, "triggeredAlarmState", "AlarmState", "alarm-1", Values.Of("AlarmState", ("key", Values.Text("alarm-1")), ("entity", Values.Ref(vm)), ("overallStatus", Values.Text("red"))));
        inventory.SetElement(vm, "snapshot.rootSnapshotList", "VirtualMachineSnapshotTree", "snapshot-1", Values.Of("VirtualMachineSnapshotTree", ("snapshot", Values.Ref(new ManagedObject("VirtualMachineSnapshot", "snapshot-1")))));

        await ShouldSayAsync("web", """
            vcenter_vm_cpu_usage_MHz{vc1,web,id1} 2000
            vcenter_vm_cpu_utilization_percent{vc1,web,id1} 20
            vcenter_vm_memory_usage_mebibytes{vc1,web,id1} 2048
            vcenter_vm_memory_utilization_percent{vc1,web,id1} 25
            vcenter_vm_memory_ballooned_mebibytes{vc1,web,id1} 64
            vcenter_vm_memory_swapped_mebibytes{vc1,web,id1} 32
            vcenter_vm_memory_swapped_ssd_kibibytes{vc1,web,id1} 16
            vcenter_vm_memory_granted_mebibytes{vc1,web,id1} 8000
            vcenter_vm_disk_usage_bytes{vc1,web,id1,used} 32212254720
            vcenter_vm_disk_usage_bytes{vc1,web,id1,available} 10737418240
            vcenter_vm_disk_utilization_percent{vc1,web,id1} 75
            observe_vcenter_vm_power{vc1,web,id1,on} 1
            observe_vcenter_vm_connected{vc1,web,id1} 1
            observe_vcenter_vm_cpus{vc1,web,id1} 4
            observe_vcenter_vm_memory_size_bytes{vc1,web,id1} 8589934592
            observe_vcenter_vm_snapshots{vc1,web,id1} 1
            observe_vcenter_alarms{vc1,web,id1,red} 1
            """);
    }

    [Fact]
    public async Task Export_VmThatIsOff_HasNoUsageOfNow()
    {
        inventory.Power(vm, isOn: false);

        await ShouldSayAsync("web", """
            vcenter_vm_disk_usage_bytes{vc1,web,id1,used} 21474836480
            vcenter_vm_disk_usage_bytes{vc1,web,id1,available} 21474836480
            vcenter_vm_disk_utilization_percent{vc1,web,id1} 50
            observe_vcenter_vm_power{vc1,web,id1,off} 1
            observe_vcenter_vm_connected{vc1,web,id1} 1
            observe_vcenter_vm_cpus{vc1,web,id1} 4
            observe_vcenter_vm_memory_size_bytes{vc1,web,id1} 8589934592
            """);
    }

    [Fact]
    public async Task Export_Host_SaysWhatTheVCenterSays()
    {
        inventory.Set(host, ("summary.quickStats.overallCpuUsage", Values.Int(10_000)), ("summary.quickStats.overallMemoryUsage", Values.Int(65_536)), ("runtime.inMaintenanceMode", Values.Bool(true)));

        await ShouldSayAsync("esx1", """
            vcenter_host_cpu_capacity_MHz{vc1,berlin,esx1} 40000
            vcenter_host_cpu_usage_MHz{vc1,berlin,esx1} 10000
            vcenter_host_cpu_utilization_percent{vc1,berlin,esx1} 25
            vcenter_host_memory_capacity_mebibytes{vc1,berlin,esx1} 262144
            vcenter_host_memory_usage_mebibytes{vc1,berlin,esx1} 65536
            vcenter_host_memory_utilization_percent{vc1,berlin,esx1} 25
            observe_vcenter_host_power{vc1,berlin,esx1,on} 1
            observe_vcenter_host_connection{vc1,berlin,esx1,connected} 1
            observe_vcenter_host_maintenance{vc1,berlin,esx1} 1
            observe_vcenter_status{vc1,berlin,esx1,green} 1
            """);
    }

    [Fact]
    public async Task Export_Cluster_SaysWhatIsInIt()
    {
        inventory.AddVm("off", host, isOn: false);
        inventory.AddVm("golden", host, isTemplate: true);
        inventory.Set(cluster, ("summary.numHosts", Values.Int(3)), ("summary.numEffectiveHosts", Values.Int(1)), ("summary.effectiveMemory", Values.Long(2048)));

        await ShouldSayAsync("c1", $$"""
            vcenter_cluster_cpu_limit_MHz{vc1,berlin,c1} 100000
            vcenter_cluster_cpu_effective_MHz{vc1,berlin,c1} 90000
            vcenter_cluster_memory_limit_bytes{vc1,berlin,c1} {{1024 * GiB}}
            vcenter_cluster_memory_effective_bytes{vc1,berlin,c1} {{2 * GiB}}
            vcenter_cluster_host_count{vc1,berlin,c1,true} 1
            vcenter_cluster_host_count{vc1,berlin,c1,false} 2
            vcenter_cluster_vm_count{vc1,berlin,c1,on} 1
            vcenter_cluster_vm_count{vc1,berlin,c1,off} 1
            vcenter_cluster_vm_count{vc1,berlin,c1,suspended} 0
            vcenter_cluster_vm_template_count{vc1,berlin,c1} 1
            observe_vcenter_status{vc1,berlin,c1,green} 1
            """);
    }

    [Fact]
    public async Task Export_Datacenter_AddsUpWhatIsInIt()
    {
        inventory.AddHost("alone", datacenter);
        inventory.AddDatastore("ds1", datacenter, 100L << 30, 40L << 30);
        inventory.AddDatastore("ds2", datacenter, 100L << 30, 10L << 30);
        inventory.Set(inventory.AddVm("off", host, isOn: false), "overallStatus", "red", "ManagedEntityStatus");

        await ShouldSayAsync("berlin", $$"""
            vcenter_datacenter_cluster_count{vc1,berlin,green} 1
            vcenter_datacenter_host_count{vc1,berlin,green,on} 2
            vcenter_datacenter_vm_count{vc1,berlin,green,on} 1
            vcenter_datacenter_vm_count{vc1,berlin,red,off} 1
            vcenter_datacenter_datastore_count{vc1,berlin} 2
            vcenter_datacenter_disk_space_bytes{vc1,berlin,available} {{50 * GiB}}
            vcenter_datacenter_disk_space_bytes{vc1,berlin,used} {{150 * GiB}}
            vcenter_datacenter_cpu_limit_MHz{vc1,berlin} 200000
            vcenter_datacenter_memory_limit_bytes{vc1,berlin} {{2048 * GiB}}
            """, "vcenter_datacenter_");
    }

    [Fact]
    public async Task Export_PoolsAndDatastores_SayWhatTheVCenterSays()
    {
        var pool = inventory.AddPool("gold", cluster);
        inventory.Set(pool, ("config.cpuAllocation.reservation", Values.Long(2000)), ("config.memoryAllocation.limit", Values.Long(4096)));
        inventory.AddDatastore("ds1", datacenter, 100L << 30, 25L << 30);

        await ShouldSayAsync("/berlin/host/c1/Resources/gold", """
            vcenter_resource_pool_cpu_usage_MHz{vc1,berlin,/berlin/host/c1/Resources/gold} 1000
            vcenter_resource_pool_cpu_shares{vc1,berlin,/berlin/host/c1/Resources/gold} 4000
            observe_vcenter_resource_pool_cpu_reservation_hertz{vc1,berlin,/berlin/host/c1/Resources/gold} 2000000000
            vcenter_resource_pool_memory_usage_mebibytes{vc1,berlin,/berlin/host/c1/Resources/gold,guest} 2048
            vcenter_resource_pool_memory_usage_mebibytes{vc1,berlin,/berlin/host/c1/Resources/gold,host} 4096
            vcenter_resource_pool_memory_usage_mebibytes{vc1,berlin,/berlin/host/c1/Resources/gold,overhead} 64
            vcenter_resource_pool_memory_granted_mebibytes{vc1,berlin,/berlin/host/c1/Resources/gold,private} 4096
            vcenter_resource_pool_memory_granted_mebibytes{vc1,berlin,/berlin/host/c1/Resources/gold,shared} 100
            vcenter_resource_pool_memory_swapped_mebibytes{vc1,berlin,/berlin/host/c1/Resources/gold} 0
            vcenter_resource_pool_memory_ballooned_mebibytes{vc1,berlin,/berlin/host/c1/Resources/gold} 0
            vcenter_resource_pool_memory_shares{vc1,berlin,/berlin/host/c1/Resources/gold} 163840
            observe_vcenter_resource_pool_memory_reservation_bytes{vc1,berlin,/berlin/host/c1/Resources/gold} 0
            observe_vcenter_resource_pool_memory_limit_bytes{vc1,berlin,/berlin/host/c1/Resources/gold} 4294967296
            """);
        await ShouldSayAsync("ds1", $$"""
            vcenter_datastore_disk_usage_bytes{vc1,berlin,ds1,available} {{25 * GiB}}
            vcenter_datastore_disk_usage_bytes{vc1,berlin,ds1,used} {{75 * GiB}}
            vcenter_datastore_disk_utilization_percent{vc1,berlin,ds1} 75
            observe_vcenter_datastore_accessible{vc1,berlin,ds1} 1
            observe_vcenter_status{vc1,berlin,ds1,green} 1
            """);
    }

    [Fact]
    public async Task Export_VCenterIsAwayForLong_SaysNothingOfItsThings()
    {
        var time = new ManualTime();
        var steps = Followed.Fast with { FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(1) };
        await using var followed = new Followed(vcenter, new InventoryOptions { Structure = steps, Usage = steps }, time: time);
        await followed.SyncedAsync();

        vcenter.Faults.Often(FakeTrouble.Http503, 1, _ => true);
        inventory.Set(vm, "overallStatus", "red", "ManagedEntityStatus");
        await Followed.UntilAsync(() => followed.Inventory.Status.Level == StatusLevel.Degraded, "the failure is not noticed");
        followed.Values().ShouldContainKey("observe_vcenter_vm_cpus{vc1,web,id1}", "for a while what was last known stands");
        time.Advance(TimeSpan.FromMinutes(6));

        followed.Values().Keys.ShouldNotContain(each => each.Contains("{vc1,web", StringComparison.Ordinal));
        followed.Inventory.Find(vm)!.Name.ShouldBe("web", "it is known all the same");
    }

    /// <summary>Exactly these series of a thing, but for what says where it is.</summary>
    private async Task ShouldSayAsync(string thing, string expected, string prefix = "")
    {
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        var said = followed.Values()
            .Where(each => each.Key.StartsWith(prefix, StringComparison.Ordinal) && each.Key.Split('{')[1].Split(',', '}').Contains(thing) && !each.Key.Contains("_info{", StringComparison.Ordinal))
            .Select(each => $"{each.Key} {each.Value}");
        said.ShouldBe(expected.Split('\n'), ignoreOrder: true);
    }
}
