using System.Text.Json.Nodes;
using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.Tests.VCenter.Fake.Soap;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Soap;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter;

/// <summary>What the strict fake answers has the shape of what vcsim answers, which others made and use.</summary>
public sealed class ConformanceTests
{
    private const string FailedOver = "com.vmware.vc.ha.VmRestartedByHAEvent";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fake_AskedAll_AnswersAsVcsimDoes()
    {
        await using var simulator = await VcSim.StartAsync("-hosts", "2", "-vms", "2", "-single", "0");
        var theirs = await OfVcSimAsync(simulator);
        var ours = await OfFakeAsync();

        ours.Keys.Union(theirs.Keys).Where(each => ours.GetValueOrDefault(each) != theirs.GetValueOrDefault(each))
            .Select(each => $"{each}: {ours.GetValueOrDefault(each)}; vcsim: {theirs.GetValueOrDefault(each)}").ShouldBeEmpty();
        ours.Count.ShouldBeGreaterThan(60);
    }

    [Fact]
    public async Task VcSim_Terminated_SessionsAreOver()
    {
        await using var simulator = await VcSim.StartAsync("-tls");
        using var vim = new SoapVim(new VCenterEndpoint(simulator.Url) { Insecure = true }, TimeProvider.System);
        await LogInAsync(vim);
        await vim.CurrentTimeAsync(Token);

        (await simulator.TerminateSessionsAsync()).ShouldBe(1);
        (await Should.ThrowAsync<VimFaultException>(() => vim.CurrentTimeAsync(Token))).Fault.ShouldBe("NotAuthenticated");
    }

    [Fact]
    public async Task VcSim_Delayed_TakesItsTime()
    {
        await using var simulator = await VcSim.StartAsync();
        using var vim = new SoapVim(new VCenterEndpoint(simulator.Url), TimeProvider.System);
        await LogInAsync(vim);
        await simulator.DelayAsync(TimeSpan.Zero, 0, ("CurrentTime", TimeSpan.FromMilliseconds(150)));
        var began = TimeProvider.System.GetTimestamp();
        await vim.CurrentTimeAsync(Token);

        TimeProvider.System.GetElapsedTime(began).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(150));
    }

    [Fact]
    public async Task VcSim_EventsPostedWhileCollectorsAreDestroyed_GoesOn()
    {
        await using var simulator = await VcSim.StartAsync();
        using var vim = new SoapVim(new VCenterEndpoint(simulator.Url), TimeProvider.System);
        var content = await LogInAsync(vim);
        var readers = Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 100; i++)
                await vim.DestroyCollectorAsync(await vim.CreateCollectorForEventsAsync(content.EventManager!.Value, null, Token), Token);
        });

        await Task.WhenAll([simulator.PostAsync("DrsVmMigratedEvent", count: 500), .. readers]);
    }

    private static async Task<ServiceContent> LogInAsync(SoapVim vim)
    {
        var content = await vim.RetrieveServiceContentAsync(Token);
        await vim.LoginAsync(content.SessionManager, VcSim.User, VcSim.Password, Token);
        return content;
    }

    private static async Task<IReadOnlyDictionary<string, string>> OfVcSimAsync(VcSim simulator)
    {
        var (vms, hosts) = (await simulator.ListAsync("VirtualMachine"), await simulator.ListAsync("HostSystem"));
        var vm = await simulator.CloneAsync(vms.Values.First(), "moved", isOn: true);
        await simulator.RelocateAsync(vm, hosts["DC0_C0_H0"]);
        return await Conformance.RunAsync(simulator.Url, new ConformanceScript
        {
            User = VcSim.User,
            Password = VcSim.Password,
            Vm = vm,
            OtherVm = vms.Values.First(),
            Host = hosts["DC0_C0_H0"],
            PowerOffAsync = () => simulator.PowerAsync(vm, isOn: false),
            MoveAsync = () => simulator.RelocateAsync(vm, hosts["DC0_C0_H1"]),
            DestroyAsync = () => simulator.DestroyAsync(vm),
            PostAsync = async () =>
            {
                var other = vms.First();
                await simulator.PostAsync("DrsVmMigratedEvent", new JsonObject { ["vm"] = VcSim.Argument("vm", other.Value, other.Key), ["sourceHost"] = VcSim.Argument("host", hosts["DC0_C0_H0"], "DC0_C0_H0") });
                await simulator.PostAsync("EventEx", new JsonObject { ["eventTypeId"] = FailedOver, ["vm"] = VcSim.Argument("vm", other.Value, other.Key) });
            },
        }, Token);
    }

    private static async Task<IReadOnlyDictionary<string, string>> OfFakeAsync()
    {
        var vcenter = new FakeVCenter();
        var inventory = vcenter.Inventory;
        var datacenter = inventory.AddDatacenter("dc");
        var cluster = inventory.AddCluster("cluster", datacenter);
        var (one, two) = (inventory.AddHost("esx1", cluster), inventory.AddHost("esx2", cluster));
        inventory.AddPool("pool", cluster);
        inventory.AddDatastore("store", datacenter);
        var (vm, other) = (inventory.AddVm("moved", one), inventory.AddVm("other", two));
        await using var server = await FakeSoapServer.StartAsync(vcenter);
        var shapes = await Conformance.RunAsync(server.Url, new ConformanceScript
        {
            User = "reader",
            Password = "correct horse",
            Vm = vm.Id,
            OtherVm = other.Id,
            Host = one.Id,
            PowerOffAsync = () => Do(() => inventory.Power(vm, isOn: false)),
            MoveAsync = () => Do(() => inventory.MoveVm(vm, two)),
            DestroyAsync = () => Do(() => inventory.Remove(vm)),
            PostAsync = () => Do(() =>
            {
                vcenter.Events.Post("DrsVmMigratedEvent", other, members: [("sourceHost", vcenter.Events.Argument("Host", "host", one))]);
                vcenter.Events.Post("EventEx", other, members: [("eventTypeId", Values.Text(FailedOver))]);
            }),
        }, Token);
        vcenter.Sessions.Open.ShouldBe(0);
        return shapes;
    }

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
