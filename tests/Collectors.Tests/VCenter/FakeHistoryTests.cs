using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Vim;
using Observe.Tests;

namespace Observe.Collectors.Tests.VCenter;

/// <summary>Events and tasks of the fake: one test a rule.</summary>
public sealed class FakeHistoryTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly FakeVCenter vcenter;
    private readonly ManagedObject vm;
    private readonly FakeVim vim;

    public FakeHistoryTests()
    {
        vcenter = new FakeVCenter(time);
        vm = vcenter.Inventory.AddVm("web", vcenter.Inventory.AddHost("esx1", vcenter.Inventory.AddCluster("c1", vcenter.Inventory.AddDatacenter("dc"))));
        vim = vcenter.Connect();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await vim.LoginAsync(FakeServices.SessionManager, "reader", "correct horse", Token);

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Post_WithVm_SaysWhereItIs()
    {
        var posted = vcenter.Events.Post("DrsVmMigratedEvent", vm);
        var read = (await ReadAsync(await CollectAsync())).ShouldHaveSingleItem();

        read.Key.ShouldBe(posted.Key);
        read.ChainId.ShouldBe(posted.Key);
        read.CreatedTime.ShouldBe(posted.Created);
        read.Value["vm"]!["vm"]!.AsManagedObject.ShouldBe(vm);
        read.Value["host"]!["name"]!.Text.ShouldBe("esx1");
        read.Value["datacenter"]!["name"]!.Text.ShouldBe("dc");
    }

    [Fact]
    public async Task ReadNext_ABurst_GivesAllInPagesThenWhatIsNew()
    {
        for (var i = 0; i < 2500; i++)
            vcenter.Events.Post("VmPoweredOnEvent", vm);
        var collector = await CollectAsync();
        var keys = new List<int>();
        while (await ReadAsync(collector) is { Count: > 0 } page)
            keys.AddRange(page.Select(each => each.Key));

        keys.ShouldBe(vcenter.Events.Posted.Select(each => each.Key));
        var later = vcenter.Events.Post("VmPoweredOffEvent", vm);
        (await ReadAsync(collector)).ShouldHaveSingleItem().Key.ShouldBe(later.Key);
        (await ReadAsync(collector)).ShouldBeEmpty();
        await vim.RewindCollectorAsync(collector, Token);
        (await ReadAsync(collector)).Count.ShouldBe(1000);
    }

    [Fact]
    public async Task CreateCollector_SinceAMoment_IsInclusive()
    {
        vcenter.Events.Post("VmPoweredOnEvent", vm);
        time.Advance(TimeSpan.FromSeconds(1));
        var second = vcenter.Events.Post("VmPoweredOffEvent", vm);
        var third = vcenter.Events.Post("VmPoweredOnEvent", vm);

        (await ReadAsync(await CollectAsync(second.Created))).Select(each => each.Key).ShouldBe([second.Key, third.Key]);
    }

    [Fact]
    public async Task LatestPage_IsTheNewestInNoOrder()
    {
        for (var i = 0; i < 100; i++)
            vcenter.Events.Post("VmPoweredOnEvent", vm);
        var collector = await CollectAsync();
        await vim.SetCollectorPageSizeAsync(collector, 50, Token);
        var page = (await vim.RetrievePropertiesAsync(FakeServices.PropertyCollector, collector, ["latestPage"], Token))["latestPage"];
        var keys = page.Elements.Select(each => (int)each["key"]!.AsInt64!.Value).ToList();

        keys.Order().ShouldBe(vcenter.Events.Posted.TakeLast(50).Select(each => each.Key));
        keys.SequenceEqual(keys.Order()).ShouldBeFalse();
        keys.SequenceEqual(keys.OrderDescending()).ShouldBeFalse();
        page.Elements.ShouldAllBe(each => each.Type == "VmPoweredOnEvent");
    }

    [Fact]
    public async Task LatestPage_Followed_ChangesWithEachEvent()
    {
        var (events, collector) = (await CollectAsync(), await vim.CreatePropertyCollectorAsync(FakeServices.PropertyCollector, Token));
        await vim.CreateObjectFilterAsync(collector, [events], new PropertySet("EventHistoryCollector", ["latestPage"]), Token);
        var first = (await vim.WaitForUpdatesAsync(collector, "", TimeSpan.Zero, 10, Token))!;
        var waiting = vim.WaitForUpdatesAsync(collector, first.Version, TimeSpan.FromSeconds(60), 10, Token);
        waiting.IsCompleted.ShouldBeFalse();
        vcenter.Events.Post("VmPoweredOnEvent", vm);

        (await waiting)!.Updates.ShouldHaveSingleItem().Changes.ShouldHaveSingleItem().Path.ShouldBe("latestPage");
    }

    [Fact]
    public async Task Retention_OldEvents_AreGone()
    {
        vcenter.Events.Retention = TimeSpan.FromHours(1);
        vcenter.Events.Post("VmPoweredOnEvent", vm);
        time.Advance(TimeSpan.FromMinutes(61));
        await vim.LoginAsync(FakeServices.SessionManager, "reader", "correct horse", Token);
        var left = vcenter.Events.Post("VmPoweredOffEvent", vm);

        (await ReadAsync(await CollectAsync())).ShouldHaveSingleItem().Key.ShouldBe(left.Key);
        vcenter.Events.Kept.Count.ShouldBe(1);
        vcenter.Events.Posted.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Restore_Database_KeysComeAgainAndSessionsAreOver()
    {
        var kept = vcenter.Events.Post("VmPoweredOnEvent", vm);
        var lost = vcenter.Events.Post("VmPoweredOffEvent", vm);
        vcenter.Events.Restore(kept.Key, instanceUuid: "another");

        vcenter.Events.Forgotten.ShouldHaveSingleItem().ShouldBe(lost);
        vcenter.Sessions.Open.ShouldBe(0);
        vcenter.Events.Post("VmSuspendedEvent", vm).Key.ShouldBe(lost.Key);
        (await vim.RetrieveServiceContentAsync(Token)).About.InstanceUuid.ShouldBe("another");
    }

    [Fact]
    public async Task Collectors_MoreThanASessionMayHave_AreRefused()
    {
        for (var i = 0; i < 31; i++)
            await CollectAsync();
        var last = await vim.CreateCollectorForTasksAsync(FakeServices.TaskManager, null, Token);

        (await Should.ThrowAsync<VimFaultException>(() => CollectAsync())).Fault.ShouldBe("InvalidState");
        await vim.DestroyCollectorAsync(last, Token);
        await CollectAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task Counts_OutOfRange_AreRefused(int count)
    {
        var collector = await CollectAsync();

        (await Should.ThrowAsync<VimFaultException>(() => vim.ReadNextEventsAsync(collector, count, Token))).Fault.ShouldBe("InvalidArgument");
        (await Should.ThrowAsync<VimFaultException>(() => vim.SetCollectorPageSizeAsync(collector, count, Token))).Fault.ShouldBe("InvalidArgument");
    }

    [Fact]
    public async Task Created_IsByTheServersClock()
    {
        vcenter.Clock.Skew(TimeSpan.FromSeconds(3));
        vcenter.Clock.Drift(200);
        time.Advance(TimeSpan.FromSeconds(1000));
        var posted = vcenter.Events.Post("VmPoweredOnEvent", vm);

        (posted.Created - posted.TrueTime).ShouldBe(TimeSpan.FromSeconds(3.2), TimeSpan.FromMilliseconds(1));
        (await vim.CurrentTimeAsync(Token)).ShouldBe(posted.Created);
        vcenter.Clock.Step(TimeSpan.FromSeconds(-10));
        vcenter.Clock.Offset.ShouldBe(TimeSpan.FromSeconds(-6.8), TimeSpan.FromMilliseconds(1));
        vcenter.Clock.Resolution = TimeSpan.FromSeconds(1);
        (await vim.CurrentTimeAsync(Token)).Millisecond.ShouldBe(0);
    }

    [Fact]
    public async Task Tasks_Run_AreToldAsTheyAre()
    {
        var queued = vcenter.Tasks.Queue("VirtualMachine.relocate", vm);
        var failed = vcenter.Tasks.Run("VirtualMachine.powerOff", vm, fault: "InvalidPowerState");
        var collector = await vim.CreateCollectorForTasksAsync(FakeServices.TaskManager, null, Token);
        var read = await vim.ReadNextTasksAsync(collector, 100, Token);

        read.Select(each => (each["key"]!.Text, each["state"]!.Text)).ShouldBe([(queued.Reference.Id, "queued"), (failed.Reference.Id, "error")]);
        read[0]["startTime"].ShouldBeNull();
        read[1]["error"]!["fault"]!.Type.ShouldBe("InvalidPowerState");
        read[1]["entity"]!.AsManagedObject.ShouldBe(vm);
        vcenter.Tasks.Start(queued);
        vcenter.Tasks.End(queued);
        // Each is read once; as it is now it is in its own info, and in the latest page.
        (await vim.ReadNextTasksAsync(collector, 100, Token)).ShouldBeEmpty();
        (await vim.RetrievePropertiesAsync(FakeServices.PropertyCollector, queued.Reference, ["info.state", "info"], Token))["info"]["state"]!.Text.ShouldBe("success");
        var events = vcenter.Events.Posted.Where(each => each.Type == "TaskEvent").ToList();
        events.Count.ShouldBe(2);
        events.ShouldAllBe(each => each.Value["info"]!["state"]!.Text == "queued");
    }

    private Task<ManagedObject> CollectAsync(DateTimeOffset? begin = null) => vim.CreateCollectorForEventsAsync(FakeServices.EventManager, begin, Token);

    private Task<IReadOnlyList<VimEvent>> ReadAsync(ManagedObject collector) => vim.ReadNextEventsAsync(collector, 1000, Token);
}
