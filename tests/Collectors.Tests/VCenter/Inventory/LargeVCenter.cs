using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.Tests.VCenter.Fake.Soap;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Inventory;

/// <summary>
/// A vCenter with 5,000 VMs and 200 hosts in a process of its own, over HTTP: so that what a client costs can be measured. All VMs'
/// numbers are refreshed every 20 s, and five VMs move each second.
/// </summary>
public sealed class LargeVCenter
{
    internal const string Variable = "OBSERVE_LARGE_VCENTER";
    internal const int Hosts = 200;
    internal const int Vms = 5000;

    [Fact]
    public async Task Serve_InAProcessOfItsOwn_UntilItIsKilled()
    {
        var file = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipUnless(file is not null, "started by the test of scale");
        var vcenter = new FakeVCenter();
        var (hosts, vms) = Fill(vcenter.Inventory);
        await using var server = await FakeSoapServer.StartAsync(vcenter);
        await File.WriteAllTextAsync($"{file}.new", server.Url.ToString(), TestContext.Current.CancellationToken);
        File.Move($"{file}.new", file!);
        var random = new Random(1);
        for (var second = 0; File.Exists(file); second++)
        {
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            vcenter.Batch(() =>
            {
                for (var i = 0; i < 5; i++)
                    vcenter.Inventory.Set(vms[random.Next(vms.Count)], "runtime.host", hosts[random.Next(hosts.Count)]);
                for (var i = second % 20; i < vms.Count; i += 20)
                    vcenter.Inventory.Set(vms[i], ("summary.quickStats.overallCpuUsage", Values.Int(random.Next(4000))), ("summary.quickStats.guestMemoryUsage", Values.Int(random.Next(4000))));
            });
        }
    }

    private static (List<ManagedObject> Hosts, List<ManagedObject> Vms) Fill(FakeInventory inventory)
    {
        var (hosts, vms) = (new List<ManagedObject>(), new List<ManagedObject>());
        for (var d = 0; d < 4; d++)
        {
            var datacenter = inventory.AddDatacenter($"dc{d}");
            for (var c = 0; c < 5; c++)
            {
                var cluster = inventory.AddCluster($"cluster{c}", datacenter);
                for (var h = 0; h < Hosts / 20; h++)
                {
                    var host = inventory.AddHost($"esx{hosts.Count}.example", cluster);
                    hosts.Add(host);
                    for (var v = 0; v < Vms / Hosts; v++)
                        vms.Add(inventory.AddVm($"vm{vms.Count}", host));
                }
                inventory.AddDatastore($"ds{c}", datacenter);
            }
        }
        return (hosts, vms);
    }
}
