using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Events;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>What is read of a strict vCenter, by the rules one by one.</summary>
public sealed class EventReadingTests
{
    [Fact]
    public void Run_FirstStart_DeliversTheLookBackAndWhatComes()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.VCenter.Events.Post("VmPoweredOnEvent");
            await bench.Pass(11 * 60);
            var old = bench.VCenter.Events.Post("VmPoweredOffEvent");
            await bench.Pass(60);
            bench.Begin();
            await bench.Pass(20);
            bench.Keys().ShouldBe([old.Key]);
            var soon = bench.VCenter.Events.Post("VmSuspendedEvent");
            await bench.Pass(10);
            bench.Keys().ShouldBe([old.Key, soon.Key]);
            bench.Lost("vcenter_event_missed").ShouldBe(0);
        });
    }

    [Fact]
    public void Run_ServerSaysAgainAndAgainThatThereIsNews_IsNotAskedWithoutEnd()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.Begin();
            await bench.Pass(5);
            bench.VCenter.Faults.Decide = method => method == "WaitForUpdatesEx" ? throw new VimFaultException("InvalidCollectorVersion", "no", null) : null;
            var before = bench.VCenter.Requests.Count("CreateCollectorForEvents");
            var posted = bench.VCenter.Events.Post("VmPoweredOnEvent");
            await bench.Pass(60);

            bench.Keys().ShouldBe([posted.Key]);
            (bench.VCenter.Requests.Count("CreateCollectorForEvents") - before).ShouldBeLessThan(125, "twice a second");
        });
    }

    [Fact]
    public void Run_BurstOfOneMomentLargerThanAnyPage_IsDeliveredOnceAndAll()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.Begin();
            await bench.Pass(5);
            bench.VCenter.Batch(() =>
            {
                for (var i = 0; i < 3_456; i++)
                    bench.VCenter.Events.Post("VmReconfiguredEvent");
            });
            await bench.Pass(120);
            bench.Keys().Order().ShouldBe(bench.VCenter.Events.Posted.Select(each => each.Key));
        });
    }

    [Fact]
    public void Run_MoreThanTheTimelineHasRoomFor_WaitsAndDropsNothing()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.VCenter.Batch(() =>
            {
                for (var i = 0; i < 40_000; i++)
                    bench.VCenter.Events.Post("VmReconfiguredEvent");
            });
            bench.Begin();
            await bench.Pass(120);
            bench.Keys().Order().ShouldBe(bench.VCenter.Events.Posted.Select(each => each.Key));
            bench.Lost("timeline_hurried").ShouldBe(0);
        });
    }

    [Fact]
    public void Run_StoppedAndBegunAgain_GoesOnWithoutRepeatsAndGivesUpWhatItMade()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.Begin();
            Post(bench, 10);
            await bench.Pass(20);
            bench.VCenter.Sessions.OpenObjects.ShouldBeGreaterThan(0);
            await bench.Stop();
            bench.VCenter.Sessions.OpenObjects.ShouldBe(0);
            Post(bench, 10);
            await bench.Pass(3 * 3600);
            Post(bench, 10);
            bench.Begin();
            await bench.Pass(60);
            bench.Keys().ShouldBe(bench.VCenter.Events.Posted.Select(each => each.Key));
            bench.Lost("vcenter_event_missed").ShouldBe(0);
        }, 600);
    }

    [Fact]
    public void Run_StoppedWhileEventsWaitInTheTimeline_DeliversThemOnceInTheNextLife()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.Begin();
            await bench.Pass(20);
            Post(bench, 10);
            bench.VCenter.Tasks.Run("VirtualMachine.powerOn");
            await bench.Pass(1);
            bench.Delivered.ShouldBeEmpty("the timeline waits for older ones, or this shows nothing");
            await bench.Stop(before: 10);
            bench.Begin();
            await bench.Pass(60);
            bench.Keys().ShouldBe(bench.VCenter.Events.Posted.Select(each => each.Key));
            bench.Delivered.Count(each => each.Name == "vcenter.task.succeeded").ShouldBe(1);
        });
    }

    [Fact]
    public void Run_OutageLongerThanRetention_CountsExactlyWhatIsMissing()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.VCenter.Events.Retention = TimeSpan.FromHours(1);
            bench.Begin();
            Post(bench, 10);
            await bench.Pass(20);
            await bench.Stop();
            Post(bench, 37);
            await bench.Pass(2 * 3600);
            Post(bench, 5);
            bench.Begin();
            await bench.Pass(60);
            bench.Keys().Length.ShouldBe(15);
            bench.Lost("vcenter_event_missed").ShouldBe(37);
            bench.Log.Lines.ShouldContain(line => line.Contains("has not kept up to 37 events") && line.Contains("numbers 4011 to 4047"));
        }, 600);
    }

    [Fact]
    public void Run_RetentionOvertakesTheReader_CountsWhatIsMissingAndDeliversTheRest()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.VCenter.Events.MaxKept = 1_000;
            bench.Begin();
            Post(bench, 1);
            await bench.Pass(20);
            bench.VCenter.Batch(() => Post(bench, 2_500));
            await bench.Pass(60);
            bench.Keys().Length.ShouldBe(1_001);
            bench.Lost("vcenter_event_missed").ShouldBe(1_500);
        });
    }

    [Fact]
    public void Run_NumbersThatNoEventHad_AreNoGap()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.Begin();
            Post(bench, 3);
            await bench.Pass(20);
            bench.VCenter.Events.SkipKeys(100);
            Post(bench, 3);
            await bench.Pass(120);
            await bench.Stop();
            bench.VCenter.Events.SkipKeys(100);
            Post(bench, 3);
            bench.Begin();
            await bench.Pass(60);
            bench.Keys().Length.ShouldBe(9);
            bench.Lost("vcenter_event_missed").ShouldBe(0);
        });
    }

    [Theory]
    [InlineData(60)]
    [InlineData(7200)]
    public void Run_DatabaseRestored_IsToldLoudlyAndNothingIsTakenForKnown(int seconds)
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.Begin();
            Post(bench, 50);
            await bench.Pass(20);
            bench.VCenter.Events.Restore(4020);
            await bench.Pass(seconds);
            Post(bench, 40);
            await bench.Pass(120);
            bench.Keys().Length.ShouldBe(90);
            bench.Log.Lines.Count(line => line.Contains("begin anew")).ShouldBe(1);
            bench.Lost("vcenter_event_missed").ShouldBe(0);
            await bench.Stop();
            Post(bench, 3);
            bench.Begin();
            await bench.Pass(30);
            bench.Keys().Length.ShouldBe(93);
            bench.Log.Lines.Count(line => line.Contains("begin anew")).ShouldBe(1);
        }, 600);
    }

    [Fact]
    public void Run_AnotherInstance_IsToldLoudlyAndReadOn()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.Begin();
            Post(bench, 50);
            await bench.Pass(20);
            bench.VCenter.Events.Restore(4000, "another-uuid");
            Post(bench, 50);
            await bench.Pass(60);
            bench.Delivered.Where(each => Delivery.Of(each, "vcenter.event.key") is not null).Select(Delivery.Identity).Distinct().Count().ShouldBe(100);
            bench.Keys().Length.ShouldBe(100);
            bench.Log.Lines.Count(line => line.Contains("begin anew") && line.Contains("another-uuid")).ShouldBe(1);
        });
    }

    [Fact]
    public void Run_EventThatAppearsBehindNewerOnes_IsFoundByTheOverlap()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.Begin();
            await bench.Pass(30);
            var early = bench.VCenter.Clock.Now;
            await bench.Pass(10);
            var newer = bench.VCenter.Events.Post("VmPoweredOnEvent");
            await bench.Pass(5);
            // A transaction that took long: its event is older than one that was read.
            var late = bench.VCenter.Events.Post("VmPoweredOffEvent", created: early);
            await bench.Pass(60);
            bench.Keys().Order().ShouldBe([newer.Key, late.Key]);
        });
    }

    [Fact]
    public void Run_ServerClockSetBack_PassesNothingOverAndRepeatsNothing()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.Begin();
            for (var i = 0; i < 60; i++)
            {
                Post(bench, 2);
                if (i == 30)
                    bench.VCenter.Clock.Step(TimeSpan.FromHours(-1));
                await bench.Pass(10);
            }
            await bench.Stop();
            Post(bench, 2);
            bench.Begin();
            for (var i = 0; i < 60; i++)
            {
                Post(bench, 2);
                await bench.Pass(100);
            }
            bench.Keys().Order().ShouldBe(bench.VCenter.Events.Posted.Select(each => each.Key));
        }, 600);
    }

    [Fact]
    public void Run_ServerThatDoesNotTellOfNews_IsAskedAndReadAllTheSame()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.VCenter.Faults.Decide = method => method == "CreatePropertyCollector" ? throw VimFault.Of("NotSupported", "no") : null;
            bench.Begin();
            await bench.Pass(10);
            Post(bench, 5);
            await bench.Pass(8);
            bench.Keys().Length.ShouldBe(5);
            bench.Agent!.Status.First().Detail.ShouldContain("asking from time to time");
        });
    }

    [Theory]
    [InlineData("CreateCollectorForEvents")]
    [InlineData("ReadNextEvents")]
    [InlineData("WaitForUpdatesEx")]
    [InlineData("RewindCollector")]
    [InlineData("DestroyCollector")]
    [InlineData("CreateFilter")]
    public void Run_AnyFaultOfAnyRequest_IsGotOver(string method)
    {
        foreach (var trouble in Enum.GetValues<FakeTrouble>().Where(each => each != FakeTrouble.None))
        {
            using var bench = new Bench();
            bench.Run(async () =>
            {
                bench.VCenter.Faults.Next(trouble, method);
                bench.Begin();
                Post(bench, 3);
                await bench.Pass(30);
                bench.VCenter.Faults.Next(trouble, method);
                for (var i = 0; i < 10; i++)
                {
                    Post(bench, 3);
                    await bench.Pass(15);
                }
                await bench.Pass(60);
                bench.Keys().Order().ShouldBe(bench.VCenter.Events.Posted.Select(each => each.Key), $"{trouble}");
                await bench.Stop();
                bench.VCenter.Faults.Count.ShouldBeGreaterThan(0, $"{trouble}");
            });
        }
    }

    [Fact]
    public void Run_AnswersLostUntilTheServerHasNoRoom_EndsTheSessionAndGoesOn()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.VCenter.Events.MaxCollectors = 6;
            bench.Begin();
            for (var i = 0; i < 12; i++)
            {
                Post(bench, 1);
                bench.VCenter.Faults.Next(FakeTrouble.CutAfter, "CreateCollectorForEvents");
                await bench.Pass(60);
            }
            bench.VCenter.Faults.Clear();
            Post(bench, 1);
            await bench.Pass(600);
            bench.Keys().Order().ShouldBe(bench.VCenter.Events.Posted.Select(each => each.Key));
            bench.VCenter.Sessions.Logouts.ShouldBeGreaterThan(0);
        });
    }

    private static void Post(Bench bench, int count)
    {
        for (var i = 0; i < count; i++)
            bench.VCenter.Events.Post("VmReconfiguredEvent");
    }
}
