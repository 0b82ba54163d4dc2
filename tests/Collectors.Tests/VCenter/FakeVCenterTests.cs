using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Vim;
using Observe.Tests;

namespace Observe.Collectors.Tests.VCenter;

/// <summary>The fake is as strict as it says: one test a rule.</summary>
public sealed class FakeVCenterTests
{
    private static readonly string[] VmPaths = ["name", "runtime.host", "runtime.powerState", "snapshot", "triggeredAlarmState"];
    private readonly ManualTime time = new();
    private readonly FakeVCenter vcenter;
    private readonly ManagedObject host;
    private readonly ManagedObject otherHost;
    private readonly List<ManagedObject> vms;
    private readonly FakeVim vim;

    public FakeVCenterTests()
    {
        vcenter = new FakeVCenter(time);
        var cluster = vcenter.Inventory.AddCluster("cluster", vcenter.Inventory.AddDatacenter("dc"));
        (host, otherHost) = (vcenter.Inventory.AddHost("esx1", cluster), vcenter.Inventory.AddHost("esx2", cluster));
        vms = [.. Enumerable.Range(0, 25).Select(each => vcenter.Inventory.AddVm($"vm{each}", host))];
        vim = vcenter.Connect();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ask_WithoutSession_IsNotAuthenticated()
    {
        (await vim.RetrieveServiceContentAsync(Token)).About.IsVCenter.ShouldBeTrue();

        (await FaultAsync(() => vim.CurrentTimeAsync(Token))).ShouldBe("NotAuthenticated");
    }

    [Fact]
    public async Task Login_WrongTooOften_LocksTheUserOutForAWhile()
    {
        for (var i = 0; i < vcenter.Sessions.LockoutAfter; i++)
            (await FaultAsync(() => vim.LoginAsync(FakeServices.SessionManager, "reader", "wrong", Token))).ShouldBe("InvalidLogin");

        (await FaultAsync(LoginAsync)).ShouldBe("InvalidLogin");
        time.Advance(vcenter.Sessions.LockoutFor);
        await LoginAsync();
        vcenter.Sessions.Open.ShouldBe(1);
    }

    [Fact]
    public async Task Login_InASession_IsInvalid()
    {
        await LoginAsync();

        (await FaultAsync(LoginAsync)).ShouldBe("InvalidLogin");
    }

    [Fact]
    public async Task Session_Idle_IsOver()
    {
        await LoginAsync();
        time.Advance(TimeSpan.FromMinutes(29));
        await vim.CurrentTimeAsync(Token);
        time.Advance(TimeSpan.FromMinutes(29));
        await vim.CurrentTimeAsync(Token);
        time.Advance(TimeSpan.FromMinutes(30));

        (await FaultAsync(() => vim.CurrentTimeAsync(Token))).ShouldBe("NotAuthenticated");
        vcenter.Sessions.Open.ShouldBe(0);
    }

    [Fact]
    public async Task Session_KilledWhileItWaits_SaysSo()
    {
        var collector = await FollowAsync();
        var version = (await AllAsync(collector)).Version;
        var waiting = WaitAsync(collector, version, seconds: 60);
        vim.KillSession();

        (await FaultAsync(() => waiting)).ShouldBe("NotAuthenticated");
    }

    [Fact]
    public async Task Objects_OfAnotherSession_AreNotFound()
    {
        var collector = await FollowAsync();
        var other = vcenter.Connect();
        await other.LoginAsync(FakeServices.SessionManager, "reader", "correct horse", Token);

        (await FaultAsync(() => other.WaitForUpdatesAsync(collector, "", TimeSpan.Zero, 10, Token))).ShouldBe("ManagedObjectNotFound");
        await vim.LogoutAsync(FakeServices.SessionManager, Token);
        vcenter.Sessions.OpenObjects.ShouldBe(0);
    }

    [Fact]
    public async Task Destroy_Twice_IsNotFound()
    {
        var collector = await FollowAsync();
        vcenter.Sessions.OpenObjects.ShouldBe(3);
        await vim.DestroyPropertyCollectorAsync(collector, Token);

        (await FaultAsync(() => vim.DestroyPropertyCollectorAsync(collector, Token))).ShouldBe("ManagedObjectNotFound");
        vcenter.Sessions.OpenObjects.ShouldBe(1);
    }

    [Fact]
    public async Task CreateFilter_UnknownProperty_IsInvalid()
    {
        await LoginAsync();

        (await FaultAsync(() => vim.CreateObjectFilterAsync(FakeServices.PropertyCollector, [vms[0]], new PropertySet("VirtualMachine", ["runtime.hosts"]), Token))).ShouldBe("InvalidProperty");
    }

    [Fact]
    public async Task WaitForUpdates_First_TellsAllInPieces()
    {
        var collector = await FollowAsync();
        var (seen, version, truncated) = (new HashSet<ManagedObject>(), "", 0);
        while (true)
        {
            var set = (await vim.WaitForUpdatesAsync(collector, version, TimeSpan.Zero, 10, Token))!;
            set.Updates.Count.ShouldBeLessThanOrEqualTo(10);
            set.Updates.ShouldAllBe(each => each.Kind == "enter" && seen.Add(each.Object));
            version = set.Version;
            if (!set.IsTruncated)
                break;
            truncated++;
        }

        truncated.ShouldBe(2);
        seen.ShouldBe(vms, ignoreOrder: true);
        (await WaitAsync(collector, version)).ShouldBeNull();
    }

    [Fact]
    public async Task WaitForUpdates_TruncatedVersionTwice_IsInvalid_ButTheOneBeforeIsNot()
    {
        var collector = await FollowAsync();
        var settled = (await AllAsync(collector)).Version;
        foreach (var vm in vms)
            vcenter.Inventory.Power(vm, isOn: false);
        var first = (await vim.WaitForUpdatesAsync(collector, settled, TimeSpan.Zero, 10, Token))!;
        first.IsTruncated.ShouldBeTrue();
        await vim.WaitForUpdatesAsync(collector, first.Version, TimeSpan.Zero, 10, Token);

        (await FaultAsync(() => vim.WaitForUpdatesAsync(collector, first.Version, TimeSpan.Zero, 10, Token))).ShouldBe("InvalidCollectorVersion");
        (await vim.WaitForUpdatesAsync(collector, settled, TimeSpan.Zero, 100, Token))!.Updates.Count.ShouldBe(25);
    }

    [Fact]
    public async Task WaitForUpdates_LastVersionAgain_GivesTheSameAnswer_OlderIsInvalid()
    {
        var collector = await FollowAsync();
        var first = (await AllAsync(collector)).Version;
        vcenter.Inventory.MoveVm(vms[3], otherHost);
        var second = (await WaitAsync(collector, first))!;
        vcenter.Inventory.Power(vms[4], isOn: false);
        var again = (await WaitAsync(collector, first))!;

        again.Version.ShouldBe(second.Version);
        again.Updates.ShouldHaveSingleItem().Object.ShouldBe(vms[3]);
        again.Updates[0].Changes.ShouldHaveSingleItem().Value!.AsManagedObject.ShouldBe(otherHost);
        (await WaitAsync(collector, second.Version))!.Updates.ShouldHaveSingleItem().Object.ShouldBe(vms[4]);
        (await FaultAsync(() => WaitAsync(collector, first))).ShouldBe("InvalidCollectorVersion");
        vcenter.PropertyCollectors.ForgetVersions();
        (await FaultAsync(() => WaitAsync(collector, second.Version))).ShouldBe("InvalidCollectorVersion");
        (await AllAsync(collector)).Updates.Count.ShouldBe(25);
    }

    [Fact]
    public async Task WaitForUpdates_Changes_AreTheRightKind()
    {
        var collector = await FollowAsync();
        var version = (await AllAsync(collector)).Version;
        vcenter.Inventory.Remove(vms[0]);
        vcenter.Inventory.Set(vms[1], "snapshot.currentSnapshot", new ManagedObject("VirtualMachineSnapshot", "snapshot-1"));
        vcenter.Inventory.SetElement(vms[2], "triggeredAlarmState", "AlarmState", "alarm-1.vm", Values.Of("AlarmState", ("key", Values.Text("alarm-1.vm"))));
        vcenter.Inventory.Set(vms[3], "name", "vm3");
        var set = (await WaitAsync(collector, version))!;

        set.Updates.Count.ShouldBe(3, "a property that is set to what it is has not changed");
        var of = set.Updates.ToDictionary(each => each.Object);
        of[vms[0]].Kind.ShouldBe("leave");
        of[vms[1]].Changes.ShouldHaveSingleItem().Path.ShouldBe("snapshot");
        of[vms[2]].Changes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            each => each.Path.ShouldBe("triggeredAlarmState[\"alarm-1.vm\"]"), each => each.Operation.ShouldBe("add"));
        vcenter.Inventory.Set(vms[1], "snapshot", (VimValue?)null);
        vcenter.Inventory.SetElement(vms[2], "triggeredAlarmState", "AlarmState", "alarm-1.vm", null);
        vcenter.Inventory.Deny(vms[4], "name");
        of = (await WaitAsync(collector, set.Version))!.Updates.ToDictionary(each => each.Object);
        of[vms[1]].Changes.ShouldHaveSingleItem().Value.ShouldBeNull();
        of[vms[2]].Changes.ShouldHaveSingleItem().Operation.ShouldBe("remove");
        of[vms[4]].Missing.ShouldHaveSingleItem().ShouldBe(new("name", "NoPermission"));
    }

    [Fact]
    public async Task WaitForUpdates_NothingNew_WaitsAsLongAsItIsAllowed()
    {
        var collector = await FollowAsync();
        var version = (await AllAsync(collector)).Version;
        var waiting = WaitAsync(collector, version, seconds: 60);
        time.Advance(TimeSpan.FromSeconds(59));
        waiting.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        (await waiting).ShouldBeNull();
        waiting = WaitAsync(collector, version, seconds: 60);
        vcenter.Inventory.Power(vms[7], isOn: false);

        (await waiting)!.Updates.ShouldHaveSingleItem().Object.ShouldBe(vms[7]);
    }

    [Fact]
    public async Task WaitForUpdates_AnotherOneOfTheSameCollector_EndsTheFirst()
    {
        var collector = await FollowAsync();
        var version = (await AllAsync(collector)).Version;
        var first = WaitAsync(collector, version, seconds: 60);
        var second = WaitAsync(collector, version, seconds: 60);
        vcenter.Inventory.Power(vms[7], isOn: false);

        (await FaultAsync(() => first)).ShouldBe("RequestCanceled");
        (await second)!.Updates.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Faults_Cut_LeaveWhatWasDone()
    {
        await LoginAsync();
        vcenter.Faults.Next(FakeTrouble.CutBefore, "CreatePropertyCollector");
        await Should.ThrowAsync<VCenterException>(() => vim.CreatePropertyCollectorAsync(FakeServices.PropertyCollector, Token));
        vcenter.Sessions.OpenObjects.ShouldBe(0);
        vcenter.Faults.Next(FakeTrouble.CutAfter, "CreatePropertyCollector");
        await Should.ThrowAsync<VCenterException>(() => vim.CreatePropertyCollectorAsync(FakeServices.PropertyCollector, Token));

        vcenter.Sessions.OpenObjects.ShouldBe(1);
        vcenter.Requests.All[^1].Trouble.ShouldBe(FakeTrouble.CutAfter);
    }

    [Fact]
    public async Task Latency_IsBeforeAndAfterTheClockIsRead()
    {
        await LoginAsync();
        vcenter.Latency.Set((_, _) => (TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(15)));
        var asked = time.GetUtcNow();
        var asking = vim.CurrentTimeAsync(Token);
        await AdvanceUntilAsync(asking);

        (await asking - asked).ShouldBe(TimeSpan.FromMilliseconds(80));
        (time.GetUtcNow() - asked).ShouldBe(TimeSpan.FromMilliseconds(95));
    }

    [Fact]
    public async Task Hang_ClientWithADeadline_GivesUp()
    {
        var hasty = vcenter.Connect(TimeSpan.FromSeconds(30));
        vcenter.Faults.Next(FakeTrouble.Hang);
        var asking = hasty.RetrieveServiceContentAsync(Token);
        time.Advance(TimeSpan.FromSeconds(29));
        asking.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        await Should.ThrowAsync<VCenterException>(() => asking);
    }

    [Fact]
    public async Task Often_ByASeed_AreTheSameTroublesAgain()
    {
        async Task<string> RunAsync()
        {
            var one = new FakeVCenter(time, seed: 3);
            one.Faults.Often(FakeTrouble.CutBefore, 0.2);
            one.Faults.Often(FakeTrouble.Garbage, 0.1);
            var client = one.Connect();
            for (var i = 0; i < 200; i++)
                await client.RetrieveServiceContentAsync(Token).ContinueWith(_ => { }, TaskScheduler.Default);
            return string.Concat(one.Requests.All.Select(each => (int)each.Trouble));
        }

        var troubles = await RunAsync();
        (await RunAsync()).ShouldBe(troubles);
        troubles.Count(each => each != '0').ShouldBeInRange(30, 90);
    }

    [Fact]
    public async Task Batch_IsToldOnce()
    {
        var collector = await FollowAsync();
        var version = (await AllAsync(collector)).Version;
        var waiting = WaitAsync(collector, version, seconds: 60);
        vcenter.Batch(() =>
        {
            foreach (var vm in vms)
                vcenter.Inventory.Power(vm, isOn: false);
        });

        (await waiting)!.Updates.Count.ShouldBe(25);
    }

    // Each pause is begun by a continuation of the one before.
    private async Task AdvanceUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            if (time.Pending > 0)
                time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }
    }

    private Task LoginAsync() => vim.LoginAsync(FakeServices.SessionManager, "reader", "correct horse", Token);

    private async Task<ManagedObject> FollowAsync()
    {
        await LoginAsync();
        var collector = await vim.CreatePropertyCollectorAsync(FakeServices.PropertyCollector, Token);
        var view = await vim.CreateContainerViewAsync(FakeServices.ViewManager, FakeServices.RootFolder, ["VirtualMachine"], Token);
        await vim.CreateViewFilterAsync(collector, view, [new PropertySet("VirtualMachine", VmPaths)], Token);
        return collector;
    }

    private async Task<UpdateSet> AllAsync(ManagedObject collector) => (await vim.WaitForUpdatesAsync(collector, "", TimeSpan.Zero, 1000, Token))!;

    private Task<UpdateSet?> WaitAsync(ManagedObject collector, string version, int seconds = 0) =>
        vim.WaitForUpdatesAsync(collector, version, TimeSpan.FromSeconds(seconds), 1000, Token);

    private static async Task<string> FaultAsync(Func<Task> ask) => (await Should.ThrowAsync<VimFaultException>(ask)).Fault;
}
