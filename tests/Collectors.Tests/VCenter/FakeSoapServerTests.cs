using System.Net;
using System.Text;
using Observe.Collectors.Tests.Kubernetes;
using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.Tests.VCenter.Fake.Soap;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Soap;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter;

/// <summary>The fake on the wire: what of requests it refuses, and its troubles.</summary>
public sealed class FakeSoapServerTests : IAsyncLifetime
{
    private readonly FakeVCenter vcenter = new();
    private readonly HttpClient http = new();
    private FakeSoapServer server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await FakeSoapServer.StartAsync(vcenter);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("<Login xmlns='urn:vim25'><_this type='SessionManager'>SessionManager</_this><password>correct horse</password><userName>reader</userName></Login>", "Login.userName")]
    [InlineData("<Login xmlns='urn:vim25'><_this type='SessionManager'>SessionManager</_this><userName>reader</userName></Login>", "Login.password")]
    [InlineData("<Login xmlns='urn:vim25'><_this type='SessionManager'>SessionManager</_this><userName>reader</userName><password>x</password><password>x</password></Login>", "Unexpected element password")]
    [InlineData("<Login xmlns='urn:vim25'><userName>reader</userName><password>x</password></Login>", "_this")]
    [InlineData("<Login xmlns='urn:vim25'><_this>SessionManager</_this><userName>reader</userName><password>x</password></Login>", "_this")]
    [InlineData("<Login xmlns='urn:vim26'><_this type='SessionManager'>SessionManager</_this></Login>", "urn:vim25")]
    [InlineData("<Loggin xmlns='urn:vim25'><_this type='SessionManager'>SessionManager</_this></Loggin>", "Unable to resolve WSDL method name Loggin")]
    [InlineData("<SetCollectorPageSize xmlns='urn:vim25'><_this type='EventHistoryCollector'>x</_this><maxCount>many</maxCount></SetCollectorPageSize>", "is no int")]
    [InlineData("<CurrentTime xmlns='urn:vim25'><_this type='Nothing'>x</_this></CurrentTime>", "is no ref")]
    [InlineData("<QueryPerf xmlns='urn:vim25'><_this type='PerformanceManager'>PerfMgr</_this><querySpec><entity type='VirtualMachine'>vm-1</entity><maxSample>1</maxSample><startTime>2026-01-01T00:00:00Z</startTime></querySpec></QueryPerf>", "Unexpected element startTime")]
    [InlineData("<Login xmlns='urn:vim25'><_this type='SessionManager'>", "Error parsing XML")]
    public async Task Post_WrongRequest_IsTheClientsFault(string request, string message)
    {
        var (status, body) = await PostAsync(request);

        status.ShouldBe(HttpStatusCode.InternalServerError);
        body.ShouldContain("<faultcode>ClientFaultCode</faultcode>");
        body.ShouldContain(message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("urn:vim25/99.0")]
    public async Task Post_WrongSoapAction_IsTheClientsFault(string? action) =>
        (await PostAsync("<RetrieveServiceContent xmlns='urn:vim25'><_this type='ServiceInstance'>ServiceInstance</_this></RetrieveServiceContent>", action)).Body.ShouldContain("ClientFaultCode");

    [Fact]
    public async Task Post_Refused_SaysTheFaultAndItsMembers()
    {
        var (status, body) = await PostAsync("<CurrentTime xmlns='urn:vim25'><_this type='ServiceInstance'>ServiceInstance</_this></CurrentTime>");

        status.ShouldBe(HttpStatusCode.InternalServerError);
        body.ShouldContain("<faultcode>ServerFaultCode</faultcode>");
        body.ShouldContain("<NotAuthenticatedFault xsi:type=\"NotAuthenticated\" xmlns=\"urn:vim25\">");
        body.ShouldContain("<privilegeId>System.View</privilegeId>");
    }

    [Theory]
    [InlineData(nameof(FakeTrouble.CutBefore), 0)]
    [InlineData(nameof(FakeTrouble.CutAfter), 1)]
    [InlineData(nameof(FakeTrouble.CutMidAnswer), 1)]
    [InlineData(nameof(FakeTrouble.Garbage), 1)]
    [InlineData(nameof(FakeTrouble.Http500), 0)]
    [InlineData(nameof(FakeTrouble.Http503), 0)]
    [InlineData(nameof(FakeTrouble.ProxyPage), 0)]
    [InlineData(nameof(FakeTrouble.Hang), 0)]
    public async Task Trouble_IsNoAnswer_AndWhatWasDoneIsDone(string trouble, int objects)
    {
        using var vim = new SoapVim(new VCenterEndpoint(server.Url), TimeProvider.System, TimeSpan.FromSeconds(trouble == nameof(FakeTrouble.Hang) ? 0.3 : 10));
        await LoginAsync(vim);
        vcenter.Faults.Next(Enum.Parse<FakeTrouble>(trouble), "CreatePropertyCollector");

        await Should.ThrowAsync<VCenterException>(() => vim.CreatePropertyCollectorAsync(FakeServices.PropertyCollector, Token));
        vcenter.Sessions.OpenObjects.ShouldBe(objects);
        await vim.CreatePropertyCollectorAsync(FakeServices.PropertyCollector, Token);
    }

    [Fact]
    public async Task KillSession_ThenLogin_IsAnotherSession()
    {
        using var vim = new SoapVim(new VCenterEndpoint(server.Url), TimeProvider.System);
        await LoginAsync(vim);
        vcenter.Faults.Next(FakeTrouble.KillSession, "CurrentTime");

        (await Should.ThrowAsync<VimFaultException>(() => vim.CurrentTimeAsync(Token))).Fault.ShouldBe("NotAuthenticated");
        await LoginAsync(vim);
        await vim.CurrentTimeAsync(Token);
        vcenter.Sessions.Logins.ShouldBe(2);
        vcenter.Sessions.Open.ShouldBe(1);
    }

    [Fact]
    public async Task Wait_ClientGivesUp_TellsItTheNextTime()
    {
        var vm = vcenter.Inventory.AddVm("web", vcenter.Inventory.AddHost("esx1", vcenter.Inventory.AddDatacenter("dc")));
        using var vim = new SoapVim(new VCenterEndpoint(server.Url), TimeProvider.System);
        await LoginAsync(vim);
        var collector = await vim.CreatePropertyCollectorAsync(FakeServices.PropertyCollector, Token);
        await vim.CreateObjectFilterAsync(collector, [vm], new PropertySet("VirtualMachine", ["name"]), Token);
        var version = (await vim.WaitForUpdatesAsync(collector, "", TimeSpan.Zero, 10, Token))!.Version;
        using (var giving = CancellationTokenSource.CreateLinkedTokenSource(Token))
        {
            var waiting = vim.WaitForUpdatesAsync(collector, version, TimeSpan.FromSeconds(60), 10, giving.Token);
            await giving.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        }
        vcenter.Inventory.Set(vm, "name", "renamed");

        (await vim.WaitForUpdatesAsync(collector, version, TimeSpan.FromSeconds(5), 10, Token))!.Updates.ShouldHaveSingleItem().Changes.ShouldHaveSingleItem().Value!.Text.ShouldBe("renamed");
    }

    [Fact]
    public async Task Retrieve_ListInADataObject_IsItsMembers()
    {
        var vm = vcenter.Inventory.AddVm("web", vcenter.Inventory.AddHost("esx1", vcenter.Inventory.AddDatacenter("dc")));
        var tree = Values.Of("VirtualMachineSnapshotTree", ("snapshot", Values.Ref(new ManagedObject("VirtualMachineSnapshot", "snapshot-1"))), ("name", Values.Text("before")));
        vcenter.Inventory.Set(vm, "snapshot", Values.Of("VirtualMachineSnapshotInfo", ("rootSnapshotList", Values.Array("VirtualMachineSnapshotTree", [tree, tree]))));
        using var vim = new SoapVim(new VCenterEndpoint(server.Url), TimeProvider.System);
        await LoginAsync(vim);
        var read = await vim.RetrievePropertiesAsync(FakeServices.PropertyCollector, vm, ["snapshot", "snapshot.rootSnapshotList"], Token);

        read["snapshot"].All("rootSnapshotList").Select(each => each["name"]!.Text).ShouldBe(["before", "before"]);
        read["snapshot.rootSnapshotList"].Elements.Count().ShouldBe(2);
    }

    [Fact]
    public async Task Https_ByItsAuthority_IsTrusted()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue();
        await using var secure = await FakeSoapServer.StartAsync(vcenter, certificate);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, authority.Pem, Token);
        try
        {
            using var vim = new SoapVim(new VCenterEndpoint(secure.Url) { CaFile = file }, TimeProvider.System);
            await LoginAsync(vim);
            using var doubting = new SoapVim(new VCenterEndpoint(secure.Url), TimeProvider.System);
            await Should.ThrowAsync<VCenterException>(() => LoginAsync(doubting));
        }
        finally
        {
            File.Delete(file);
        }
        vcenter.Sessions.Logins.ShouldBe(1);
    }

    private static async Task LoginAsync(SoapVim vim)
    {
        await vim.RetrieveServiceContentAsync(Token);
        await vim.LoginAsync(FakeServices.SessionManager, "reader", "correct horse", Token);
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string body, string? action = "urn:vim25/6.0")
    {
        using var content = new StringContent($"<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>{body}</e:Body></e:Envelope>", Encoding.UTF8, "text/xml");
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url) { Content = content };
        if (action is not null)
            request.Headers.Add("SOAPAction", action);
        using var response = await http.SendAsync(request, Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
