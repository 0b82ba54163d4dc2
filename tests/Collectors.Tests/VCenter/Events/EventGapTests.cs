namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>What a strict vCenter does not have any more, or has in another order or under other numbers than it said.</summary>
public sealed class EventGapTests
{
    [Fact]
    public void Run_OutageLongerThanRetention_CountsExactlyWhatIsMissing()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.VCenter.Events.Retention = TimeSpan.FromHours(1);
            bench.Begin();
            bench.Post(10);
            await bench.Pass(20);
            await bench.Stop();
            bench.Post(37);
            await bench.Pass(2 * 3600);
            bench.Post(5);
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
            bench.Post(1);
            await bench.Pass(20);
            bench.VCenter.Batch(() => bench.Post(2_500));
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
            bench.Post(3);
            await bench.Pass(20);
            bench.VCenter.Events.SkipKeys(100);
            bench.Post(3);
            await bench.Pass(120);
            await bench.Stop();
            bench.VCenter.Events.SkipKeys(100);
            bench.Post(3);
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
            bench.Post(50);
            await bench.Pass(20);
            bench.VCenter.Events.Restore(4020);
            await bench.Pass(seconds);
            bench.Post(40);
            await bench.Pass(120);
            bench.Keys().Length.ShouldBe(90);
            bench.Log.Lines.Count(line => line.Contains("begin anew")).ShouldBe(1);
            bench.Lost("vcenter_event_missed").ShouldBe(0);
            await bench.Stop();
            bench.Post(3);
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
            bench.Post(50);
            await bench.Pass(20);
            bench.VCenter.Events.Restore(4000, "another-uuid");
            bench.Post(50);
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
                bench.Post(2);
                if (i == 30)
                    bench.VCenter.Clock.Step(TimeSpan.FromHours(-1));
                await bench.Pass(10);
            }
            await bench.Stop();
            bench.Post(2);
            bench.Begin();
            for (var i = 0; i < 60; i++)
            {
                bench.Post(2);
                await bench.Pass(100);
            }
            bench.Keys().Order().ShouldBe(bench.VCenter.Events.Posted.Select(each => each.Key));
        }, 600);
    }
}
