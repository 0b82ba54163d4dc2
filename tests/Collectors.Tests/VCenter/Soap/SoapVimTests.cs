using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Soap;
using Observe.Collectors.VCenter.Vim;
using Shouldly;
using Xunit;

namespace Observe.Collectors.Tests.VCenter.Soap;

/// <summary>Requests and answers as they are on the wire.</summary>
public sealed class SoapVimTests
{
    private static readonly ManagedObject Sessions = new("SessionManager", "SessionManager");

    [Fact]
    public async Task RetrieveServiceContentAsync_VCenter_SaysWhatItIs()
    {
        await using var server = await AnsweringServer.StartAsync((context, method) => context.SendAsync(Envelope.Of(method, Envelope.Content)));
        using var vim = new SoapVim(server.Endpoint, TimeProvider.System);

        var content = await vim.RetrieveServiceContentAsync(TestContext.Current.CancellationToken);

        content.About.ShouldBe(new AboutInfo("VMware vCenter Server 8.0.2 build-1", "8.0.2", "1", "VirtualCenter", "8.0.2.0", "0b5e6a4c"));
        content.RootFolder.ShouldBe(new ManagedObject("Folder", "group-d1"));
        content.Setting.ShouldBe(new ManagedObject("OptionManager", "VpxSettings"));
        content.TaskManager.ShouldBeNull();
        server.Requests.ShouldHaveSingleItem().Action.ShouldBe("\"urn:vim25/6.0\"");
    }

    [Fact]
    public async Task LoginAsync_InvalidLogin_IsThatFault()
    {
        await using var server = await AnsweringServer.StartAsync((context, _) => context.SendFaultAsync("InvalidLogin", $"no: {System.Security.SecurityElement.Escape(Secrets.Password)}"));
        using var vim = new SoapVim(server.Endpoint, TimeProvider.System);

        var error = await Should.ThrowAsync<VimFaultException>(() => vim.LoginAsync(Sessions, "reader", Secrets.Password, TestContext.Current.CancellationToken));

        error.Fault.ShouldBe("InvalidLogin");
        error.Message.ShouldBe("no: [redacted]");
    }

    [Fact]
    public async Task Dispose_SomeWaitForTheirTurn_NobodyWaitsForEver()
    {
        await using var server = await AnsweringServer.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var vim = new SoapVim(server.Endpoint, TimeProvider.System, TimeSpan.FromSeconds(1));
        var asked = Enumerable.Range(0, CallSlots.Working + 3).Select(_ => vim.CurrentTimeAsync(TestContext.Current.CancellationToken)).ToList();
        vim.Delays.ShouldBeGreaterThanOrEqualTo(3, "as many wait");

        vim.Dispose();

        foreach (var each in asked)
            await Should.ThrowAsync<VCenterException>(() => each.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }
}
