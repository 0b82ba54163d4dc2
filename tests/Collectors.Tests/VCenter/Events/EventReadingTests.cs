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
            bench.Post(10);
            await bench.Pass(20);
            bench.VCenter.Sessions.OpenObjects.ShouldBeGreaterThan(0);
            await bench.Stop();
            bench.VCenter.Sessions.OpenObjects.ShouldBe(0);
            bench.Post(10);
            await bench.Pass(3 * 3600);
            bench.Post(10);
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
            bench.Post(10);
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
}
