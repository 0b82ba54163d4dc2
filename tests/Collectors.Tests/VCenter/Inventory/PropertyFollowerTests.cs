using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Self;
using Observe.Collectors.Tests.Running;
using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Inventory;
using Observe.Collectors.VCenter.Vim;
using Observe.Tests;

namespace Observe.Collectors.Tests.VCenter.Inventory;

public sealed class PropertyFollowerVCenterTests
{
    private readonly FakeVCenter vcenter = new();
    private readonly ManagedObject host;
    private readonly ManagedObject vm;

    public PropertyFollowerVCenterTests()
    {
        host = vcenter.Inventory.AddHost("esx1.example", vcenter.Inventory.AddCluster("c1", vcenter.Inventory.AddDatacenter("dc1")));
        vm = vcenter.Inventory.AddVm("web", host);
    }

    [Fact]
    public async Task Run_AnswerIsLost_AsksAgainWithTheSameVersion()
    {
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        var (filters, resyncs) = (vcenter.Requests.Count("CreateFilter"), Resyncs(followed));
        vcenter.Faults.Often(FakeTrouble.CutAfter, 0.5, method => method == "WaitForUpdatesEx");

        for (var i = 0; i < 20; i++)
        {
            vcenter.Inventory.Set(vm, "name", $"web{i}");
            await Followed.UntilAsync(() => followed.Inventory.Find(vm)!.Name == $"web{i}", "a change was lost");
        }

        vcenter.Requests.Count("CreateFilter").ShouldBe(filters, "nothing is made anew");
        Resyncs(followed).ShouldBe(resyncs);
        vcenter.Faults.Count.ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task Run_TruncatedAnswerIsFollowedByACut_BeginsAnew()
    {
        for (var i = 0; i < 30; i++)
            vcenter.Inventory.AddVm($"vm{i}", host);
        vcenter.PropertyCollectors.MostUpdates = 5;
        vcenter.Faults.Next(FakeTrouble.CutBefore, "WaitForUpdatesEx", skip: 3);
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();

        new InventoryTruth(vcenter.Inventory).ShouldBe(followed.Inventory);
        Resyncs(followed).ShouldBe(2);
        vcenter.Requests.All.ShouldAllBe(request => request.Fault == null, "a version that was used up is not asked with");
    }

    [Theory]
    [InlineData("InvalidCollectorVersion")]
    [InlineData("ManagedObjectNotFound")]
    [InlineData("RequestCanceled")]
    [InlineData("SystemError")]
    public async Task Run_ServerRefuses_BeginsAnewAndGivesUpWhatItHad(string fault)
    {
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        var resyncs = Resyncs(followed);

        vcenter.Faults.Next(new VimFaultException(fault, "no"), "WaitForUpdatesEx");
        vcenter.Inventory.Remove(vm);
        await Followed.UntilAsync(() => Resyncs(followed) > resyncs || vcenter.Requests.All.Any(request => request.Fault == fault), "nothing happened");
        await followed.SyncedAsync();

        followed.Inventory.Find(vm).ShouldBeNull();
        new InventoryTruth(vcenter.Inventory).ShouldBe(followed.Inventory);
        // Two of each: of what things are, and of what they use. A property collector has a filter.
        vcenter.Sessions.OpenObjects.ShouldBe(6);
    }

    [Fact]
    public async Task Run_SessionIsKilled_OldPictureStandsUntilTheNewOneIsWhole()
    {
        var other = vcenter.Inventory.AddVm("db", host);
        await using var followed = new Followed(vcenter, new InventoryOptions { Structure = Followed.Fast with { MaxObjects = 1 }, Usage = Followed.Fast });
        await followed.SyncedAsync();
        var held = new TaskCompletionSource();
        var answers = 0;
        vcenter.Faults.Decide = method =>
        {
            // In the middle of the second telling, the inventory of before is asked.
            if (method == "WaitForUpdatesEx" && Interlocked.Increment(ref answers) == 12)
                held.Task.Wait(TestContext.Current.CancellationToken);
            return null;
        };

        vcenter.Inventory.Remove(other);
        await Followed.UntilAsync(() => followed.Inventory.Find(other) is null, "a removal was lost");
        vcenter.Batch(() =>
        {
            vcenter.Sessions.KillAll();
            vcenter.Inventory.Remove(vm);
        });
        await Followed.UntilAsync(() => Volatile.Read(ref answers) >= 12, "it is not asked for everything again");
        (followed.Inventory.IsComplete, followed.Inventory.Find(vm)?.Name).ShouldBe((false, "web"));
        followed.Values().ShouldContainKey("observe_vcenter_host_maintenance{vc1,dc1,esx1.example}");
        held.SetResult();
        await followed.SyncedAsync();

        followed.Inventory.Find(vm).ShouldBeNull("what is not told again is gone");
        new InventoryTruth(vcenter.Inventory).ShouldBe(followed.Inventory);
    }

    [Fact]
    public async Task Run_PropertyThatTheServerDoesNotKnow_DoesWithoutIt()
    {
        var refused = 0;
        vcenter.Faults.Decide = method => method == "CreateFilter" && Interlocked.Increment(ref refused) == 1
            ? throw new VimFaultException("InvalidProperty", "no", Values.Of("InvalidProperty", ("name", Values.Text("parentVApp"))))
            : null;
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();

        followed.Inventory.Find(vm)!.Name.ShouldBe("web");
        vcenter.Requests.Count("CreateFilter").ShouldBe(3);
    }

    [Fact]
    public async Task Run_PartOfAPropertyThatCannotBePlaced_ReadsItAsAWhole()
    {
        // The element is told of before it is there: its part has no place.
        var session = new PlainSession(vcenter);
        var target = new Scripted((vm, "config.uuid"));
        var follower = new PropertyFollower("vc1", "inventory", [InventoryProperties.Machine.Set], session, target, Followed.Fast, TimeProvider.System, new Random(1), NullLogger.Instance);
        using var stopping = new CancellationTokenSource();
        var running = follower.RunAsync(stopping.Token);

        var read = await target.Read.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        read.Changes.Single().ShouldBe(new PropertyChange("config.uuid", "assign", read.Changes.Single().Value));
        read.Changes.Single().Value!.Text.ShouldBe(vcenter.Inventory.Get(vm, "config.uuid")!.Text);
        await stopping.CancelAsync();
        await running;
        session.Dispose();
    }

    [Fact]
    public async Task Run_IsStopped_LeavesNothingBehind()
    {
        await using var followed = new Followed(vcenter);
        await followed.SyncedAsync();
        vcenter.Sessions.OpenObjects.ShouldBeGreaterThan(0);

        await followed.StopAsync();

        vcenter.Sessions.OpenObjects.ShouldBe(0);
    }

    [Fact]
    public async Task Run_IsStoppedWhileTheServerHangs_EndsAllTheSame()
    {
        var timings = Followed.Fast with { StopWithin = TimeSpan.FromMilliseconds(50) };
        await using var followed = new Followed(vcenter, new InventoryOptions { Structure = timings, Usage = timings });
        await followed.SyncedAsync();
        vcenter.Faults.Often(FakeTrouble.Hang, 1);

        await followed.StopAsync();
    }

    [Fact]
    public async Task Run_ServerIsAway_SaysSoAndBacksOff()
    {
        vcenter.Faults.Often(FakeTrouble.Http503, 1, _ => true);
        await using var followed = new Followed(vcenter, new InventoryOptions
        {
            Structure = Followed.Fast with { FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(1) },
            Usage = Followed.Fast,
        });

        await Followed.UntilAsync(() => followed.Inventory.Status.Level == StatusLevel.Degraded, "it is not said");

        followed.Inventory.Status.Detail.ShouldContain("Http503");
        vcenter.Requests.Count().ShouldBe(1, "half a second at least is waited");
        followed.Values().Keys.ShouldNotContain(each => each.StartsWith("vcenter_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ServerIsAwayForAHundredAttempts_IsToldOnceAndTheRecoveryOnce()
    {
        var logger = new RecordingLogger<PropertyFollower>();
        await using var followed = new Followed(vcenter, logger: logger);
        await followed.SyncedAsync();
        var failed = 0;
        // It is not there, then it is but refuses, then the answer is lost: what to do about it differs.
        vcenter.Faults.Decide = method => (Interlocked.Increment(ref failed) % 3) switch
        {
            0 => FakeTrouble.Http503,
            1 => throw new VimFaultException(failed % 2 == 0 ? "NoPermission" : "SystemError", "no", null),
            _ => FakeTrouble.CutBefore,
        };
        await Followed.UntilAsync(() => Volatile.Read(ref failed) >= 200, "it is not tried again");

        followed.Inventory.Status.Level.ShouldBe(StatusLevel.Degraded);
        vcenter.Faults.Clear();
        vcenter.Faults.Decide = null;
        await followed.SyncedAsync();
        await Followed.UntilAsync(() => logger.Lines.Count >= 6, "the recovery is not told");

        foreach (var what in (string[])["inventory", "usage"])
        {
            var lines = logger.Lines.Where(line => line.Contains($"the {what} of vCenter vc1", StringComparison.Ordinal)).ToArray();
            lines.Length.ShouldBe(3, string.Join('\n', lines));
            (lines[0], lines[2]).ShouldBe(($"Information: following the {what} of vCenter vc1", $"Information: following the {what} of vCenter vc1"));
            lines[1].ShouldStartWith($"Warning: the {what} of vCenter vc1 is not followed: ");
        }
    }

    [Fact]
    public async Task Run_SessionIsAnotherOneAfterAnOutage_BeginsAnewAtOnce()
    {
        var time = new ManualTime();
        using var session = new PlainSession(vcenter);
        var target = new InventoryPicture("vc1", 1000, new LossCounters().Counter("full"));
        var timings = Followed.Fast with { FirstPause = TimeSpan.FromSeconds(30), LongestPause = TimeSpan.FromSeconds(30) };
        var follower = new PropertyFollower("vc1", "inventory", [.. InventoryProperties.All.Select(each => each.Set)], session, target, timings, time, new Random(1), NullLogger.Instance);
        using var stopping = new CancellationTokenSource();
        var running = follower.RunAsync(stopping.Token);
        await Followed.UntilAsync(() => follower.State.IsFollowing, "it does not follow");
        vcenter.Faults.Decide = method => method == "WaitForUpdatesEx" ? FakeTrouble.CutBefore : null;
        await Followed.UntilAsync(() => follower.State.Failure is not null, "nothing failed");
        vcenter.Faults.Decide = null;
        vcenter.Sessions.KillAll();

        await Followed.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(30));
                return session.Generation == 2;
            },
            "it is not asked again");

        // The clock stands still: another pause would not end.
        await Followed.UntilAsync(() => follower.State.IsFollowing, "it waits once more");
        follower.Resyncs.ShouldBe(2);
        await stopping.CancelAsync();
        await running;
    }

    private static double Resyncs(Followed followed) => followed.Values()["observe_vcenter_inventory_resyncs_total{vc1,inventory}"];

    /// <summary>Says of the first update that a part of it has no place.</summary>
    private sealed class Scripted((ManagedObject Object, string Path) missing) : IFollowTarget
    {
        private bool isSaid;

        public TaskCompletionSource<ObjectUpdate> Read { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Begin(AboutInfo about)
        {
        }

        public void Apply(IReadOnlyList<ObjectUpdate> updates, ICollection<(ManagedObject Object, string Path)> unplaced)
        {
            if (!isSaid)
                unplaced.Add(missing);
            else if (updates is [{ Kind: "modify" } read] && read.Object == missing.Object)
                Read.TrySetResult(read);
            isSaid = true;
        }

        public void Complete()
        {
        }
    }
}
