using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.Tests.VCenter.Fake.Soap;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Soap;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter;

/// <summary>The fake is fast enough for 5,000 virtual machines, so that what is measured against it is not it: what it costs is in the output.</summary>
public sealed class FakeScaleTests
{
    private const int Hosts = 200;
    private const int Vms = 5000;

    [Fact]
    public async Task Inventory_OfFiveThousand_IsToldInPieces()
    {
        var token = TestContext.Current.CancellationToken;
        var vcenter = new FakeVCenter();
        var began = Environment.CpuUsage.TotalTime;
        var datacenter = vcenter.Inventory.AddDatacenter("dc");
        var clusters = Enumerable.Range(0, 10).Select(each => vcenter.Inventory.AddCluster($"c{each}", datacenter)).ToList();
        var hosts = Enumerable.Range(0, Hosts).Select(each => vcenter.Inventory.AddHost($"esx{each}", clusters[each % 10])).ToList();
        var vms = Enumerable.Range(0, Vms).Select(each => vcenter.Inventory.AddVm($"vm{each}", hosts[each % Hosts])).ToList();
        var built = Environment.CpuUsage.TotalTime - began;
        await using var server = await FakeSoapServer.StartAsync(vcenter);
        using var vim = new SoapVim(new VCenterEndpoint(server.Url), TimeProvider.System);
        var content = await vim.RetrieveServiceContentAsync(token);
        await vim.LoginAsync(content.SessionManager, "reader", "correct horse", token);
        began = Environment.CpuUsage.TotalTime;
        var collector = await vim.CreatePropertyCollectorAsync(content.PropertyCollector, token);
        var view = await vim.CreateContainerViewAsync(content.ViewManager!.Value, content.RootFolder, ["VirtualMachine"], token);
        await vim.CreateViewFilterAsync(collector, view, [new PropertySet("VirtualMachine", ["name", "runtime.host", "runtime.powerState", "config.instanceUuid", "summary.quickStats", "summary.storage"])], token);
        var seen = new HashSet<ManagedObject>();
        var version = "";
        for (var isMore = true; isMore;)
        {
            var set = (await vim.WaitForUpdatesAsync(collector, version, TimeSpan.Zero, 500, token))!;
            (version, isMore) = (set.Version, set.IsTruncated);
            seen.UnionWith(set.Updates.Select(each => each.Object));
        }
        var told = Environment.CpuUsage.TotalTime - began;
        began = Environment.CpuUsage.TotalTime;
        foreach (var vm in vms.Take(200))
        {
            vcenter.Inventory.Set(vm, "summary.quickStats.overallCpuUsage", 1);
            version = (await vim.WaitForUpdatesAsync(collector, version, TimeSpan.FromSeconds(5), 500, token))!.Version;
        }
        var changed = Environment.CpuUsage.TotalTime - began;

        TestContext.Current.TestOutputHelper!.WriteLine($"built in {built.TotalMilliseconds:0} ms, told in {told.TotalMilliseconds:0} ms, 200 changes one by one in {changed.TotalMilliseconds:0} ms of CPU, both sides");
        seen.Count.ShouldBe(Vms);
    }
}
