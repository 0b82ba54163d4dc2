using System.Diagnostics;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces;
using Observe.Collectors.Traces.Verdicts;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Traces;

/// <summary>What hangs beneath an operation, and what is only linked to it.</summary>
public sealed class AdoptionTests
{
    [Fact]
    public void Stall_SurelyInAMigrationOfThisGuest_IsItsChild()
    {
        var told = new Told();
        var story = new Story(null, told).InGuest().Task(10, "queued", 7).OnVm(10, "vcenter.vm.migrating", 7).Stall(12, 13, StallKind.Wait, new Culprit(CulpritKind.Hypervisor, null, 1_000_000_000))
            .OnVm(20, "vcenter.vm.migrated", 7).Task(20, "succeeded", 7).Until(60);
        var (operation, stall) = (story.Only("vcenter.vm.migrate"), story.Only("stall.wait"));
        stall.Parent.ShouldBe(operation.Id);
        stall.Trace.ShouldBe(operation.Trace);
        stall.Links.ShouldBeEmpty();
        Story.Value(stall, "observe.stall.verdict").ShouldBe("migration");
        told.All.ShouldHaveSingleItem().ShouldBe((stall.Trace, stall.Id));
        story.ShouldBeSound();
    }

    [Theory]
    [InlineData(9.5, 12)] // begins before
    [InlineData(18, 20.5)] // ends after
    [InlineData(10.0005, 12)] // begins perhaps before
    [InlineData(18, 19.9995)] // ends perhaps after
    public void Stall_PerhapsNotInside_IsLinked(double from, double to)
    {
        var story = new Story().InGuest().Migrate(10, 20, 7).Stall(from, to).Until(60);
        var (operation, stall) = (story.Only("vcenter.vm.migrate"), story.Only("stall.wait"));
        stall.Parent.ShouldBe(default);
        stall.Trace.ShouldNotBe(operation.Trace);
        stall.Links.ShouldHaveSingleItem().ShouldBe(new SpanLink(operation.Trace, operation.Id, SpanLink.Overlaps));
    }

    [Fact]
    public void Stall_ElsewhereInTime_HasNothingToDoWithIt() => new Story().InGuest().Migrate(10, 20, 7).Stall(30, 31).Until(60).Only("stall.wait").Links.ShouldBeEmpty();

    [Fact]
    public void Stall_WhileAnotherMachineIsMoved_HasNothingToDoWithIt()
    {
        var story = new Story().InGuest().VCenter(10, "vcenter.vm.migrating", 7, ("vcenter.vm.id", "another"), ("vcenter.vm.name", "db"), ("vcenter.host.name", "esx-1"))
            .VCenter(20, "vcenter.vm.migrated", 7).Stall(12, 13).Until(60);
        (story.Only("stall.wait").Parent, story.Only("stall.wait").Links.Count).ShouldBe((default, 0));
    }

    [Fact]
    public void Stall_OnNoGuest_HasNothingToDoWithIt() => new Story().Migrate(10, 20, 7).Stall(12, 13).Until(60).Only("stall.wait").Links.ShouldBeEmpty();

    [Fact]
    public void Stall_WhileTheHostEntersMaintenance_IsItsChild()
    {
        var story = new Story().InGuest("esx-1").VCenter(10, "vcenter.host.maintenance_entering", 4, ("vcenter.host.name", "esx-1")).Stall(12, 13)
            .VCenter(20, "vcenter.host.maintenance_entered", 4).Until(60);
        story.Only("stall.wait").Parent.ShouldBe(story.Only("vcenter.host.maintenance_enter").Id);
    }

    [Fact]
    public void Stall_InTwoOperations_IsTheInnersChild()
    {
        var story = new Story().InGuest("esx-1").VCenter(1, "vcenter.host.maintenance_entering", 4, ("vcenter.host.name", "esx-1")).Migrate(10, 20, 7).Stall(12, 13)
            .VCenter(30, "vcenter.host.maintenance_entered", 4).Until(60);
        story.Only("stall.wait").Parent.ShouldBe(story.Only("vcenter.vm.migrate").Id);
        story.Only("stall.wait").Links.ShouldHaveSingleItem().Span.ShouldBe(story.Only("vcenter.host.maintenance_enter").Id);
    }

    [Fact]
    public void Stall_ToldBeforeTheOperation_FindsIt()
    {
        var story = new Story().InGuest().Stall(12, 13).Until(20).Migrate(10, 19, 7).Until(60);
        story.Only("stall.wait").Parent.ShouldBe(story.Only("vcenter.vm.migrate").Id);
    }

    [Fact]
    public void Stall_InAnOperationThatGoesOnForLong_IsLinkedAndNotHeld()
    {
        var story = new Story().InGuest().OnVm(10, "vcenter.vm.migrating", 7).Stall(12, 13).Until(200);
        story.Only("stall.wait").Links.ShouldHaveSingleItem().Reason.ShouldBe("overlaps");
        story.OnVm(300, "vcenter.vm.migrated", 7).Until(400).ShouldBeSound();
    }

    [Fact]
    public void Stalls_MoreThanAreHeld_AreDecidedEarlyAndCounted()
    {
        var story = new Story().InGuest().OnVm(1, "vcenter.vm.migrating", 7);
        for (var i = 0; i < 20_000; i++)
            story.Stall(2, 2.5);
        story.Losses.Counter("trace_decided_early").Value.ShouldBe(20_000 - 16_384);
        story.Spans.Count.ShouldBe(20_000 - 16_384);
        story.Count.Held.ShouldBe(16_384);
    }

    [Fact]
    public void Stall_OfWhichNoSpanCanBeMade_CostsNoOtherItsOwn()
    {
        var story = new Story(new TraceTimings { Settle = TimeSpan.Zero }, new Failing()).Stall(1, 2).Stall(2, 3).Stall(3, 4);
        Should.Throw<InvalidOperationException>(() => story.Until(5)).Message.ShouldContain("the second");
        story.Spans.Count.ShouldBe(2);
        story.Losses.Counter("trace_span_failed").Value.ShouldBe(1);
        story.Until(6).Spans.Count.ShouldBe(2);
    }

    [Fact]
    public void ContainersLife_InAMigration_StandsInIt()
    {
        var story = new Story().InGuest().Container(12, "create").Container(12.1, "start").Container(13, "die", "c1", ("process.exit.code", "0")).Migrate(10, 20, 7).Until(60);
        var (operation, life) = (story.Only("vcenter.vm.migrate"), story.Only("container.life"));
        (life.Parent, life.Trace).ShouldBe((operation.Id, operation.Trace));
        story.Only("container.create").Trace.ShouldBe(operation.Trace);
        story.ShouldBeSound();
    }

    /// <summary>
    /// A vCenter whose clock is off by up to 3 s, known as badly as that or better; a host whose clock is set in the middle by up to an hour; truths drawn
    /// at random: whatever is claimed is true, and nothing stands outside of what it hangs beneath.
    /// </summary>
    [Fact]
    public void Place_AnySkewAndAnyStep_ClaimsOnlyWhatIsTrue()
    {
        var (inside, linked) = (0, 0);
        var cases = Environment.GetEnvironmentVariable("OBSERVE_LONG") == "1" ? 200_000 : 5_000;
        for (var seed = 0; seed < cases; seed++)
        {
            var random = new Random(seed);
            var story = new Story().InGuest();
            // The truth: an operation, and stalls about it.
            var (from, to) = (100.0, 100 + (20 * random.NextDouble()) + 0.5);
            var known = 3 * random.NextDouble();
            // What the estimate of its clock says: somewhere in the bound, and the truth is in it.
            UtcInterval Remote(double truth) => Story.At(truth + (known * ((2 * random.NextDouble()) - 1)), known);
            story.Tell("vcenter", Remote(from), Event("vcenter.vm.migrating"));
            story.Tell("vcenter", Remote(to), Event("vcenter.vm.migrated"));
            // The host's clock is off until it is set; from then on right. What is told of a moment has the error in it that the clock stated.
            var (step, at) = ((random.NextDouble() - 0.5) * 7200, 100 + (25 * random.NextDouble()));
            var truths = new List<(double From, double To)>();
            for (var i = 0; i < 8; i++)
            {
                var began = 95 + (30 * random.NextDouble());
                var ended = began + (3 * random.NextDouble());
                truths.Add((began, ended));
                story.Stall(Local(began), Local(ended));
            }
            story.Container(90, "start").Tell("docker", Local(104), Container("container.health_status")).Tell("docker", Local(106), Container("container.die"));
            story.Until(story.Now + 300);
            story.ShouldBeSound();
            var operation = story.Only("vcenter.vm.migrate");
            foreach (var stall in story.All("stall.wait"))
            {
                inside += stall.Parent != default ? 1 : 0;
                linked += stall.Links.Count;
                if (stall.Parent == default)
                    continue;
                if (operation.Begin.Latest > stall.Begin.Earliest || stall.End.Latest > operation.End.Earliest)
                    Assert.Fail($"seed {seed}: order was claimed that is not known");
                // By intervals that the truth was in: so it is true. The step's are not, and nothing true can be claimed of them but their order to others.
                var truth = truths.Find(each => Story.At(each.From, 0).Middle == stall.Begin.Middle);
                if (truth != default && truth.From > at && (from > truth.From || truth.To > to))
                    Assert.Fail($"seed {seed}: it was not inside");
            }

            UtcInterval Local(double truth) => Story.At(truth < at ? truth + step : truth, 0.0005);
        }
        inside.ShouldBeGreaterThan(cases / 10, "hardly anything was inside: the test shows nothing");
        linked.ShouldBeGreaterThan(cases / 10);

        static Observe.Collectors.Events.ObservedEvent Event(string name) => new(
            name, null, [new("vcenter", "prod"), new("vcenter.instance_uuid", Story.Uuid), new("vcenter.event.chain_id", "7"), new("vcenter.vm.id", Story.Vm)]);
        static Observe.Collectors.Events.ObservedEvent Container(string name) => new(
            name, Observe.Collectors.Identity.IdentitySubject.Container("c1"), [new("container.state.health.status", "unhealthy")]);
    }

    private sealed class Failing : IStallObserver
    {
        private int calls;

        public void Decided(Stall stall, Verdict verdict, ActivityTraceId trace, ActivitySpanId span)
        {
            if (++calls == 2)
                throw new FormatException("the second");
        }
    }

    private sealed class Told : IStallObserver
    {
        public List<(ActivityTraceId, ActivitySpanId)> All { get; } = [];

        public void Decided(Stall stall, Verdict verdict, ActivityTraceId trace, ActivitySpanId span) => All.Add((trace, span));
    }
}
