using Observe.Collectors.Migrations;
using Observe.Collectors.Traces;

namespace Observe.Collectors.Tests.Traces;

/// <summary>What a migration of this machine costs it: its blackout, and the time until its threads wait as before.</summary>
public sealed class MigrationTests
{
    [Fact]
    public void Blackout_InAMigration_HangsBeneathItAndIsItsInterruption()
    {
        var story = InGuest().Migrate(100, 120, 7).Blackout(110, 110.4).Until(160);
        var (operation, blackout) = (story.Only("vcenter.vm.migrate"), story.Only("guest.blackout"));
        (blackout.Parent, blackout.Trace).ShouldBe((operation.Id, operation.Trace));
        Story.Value(blackout, "observe.guest.blackout.sign").ShouldBe("late");
        ((double)Story.Value(blackout, "observe.guest.blackout.duration")!).ShouldBe(0.4, 1e-9);
        story.Watch.Tally.Read().Interruption!.Value.ShouldBe(0.4, 1e-9);
        story.ShouldBeSound();
    }

    [Fact]
    public void Blackout_PerhapsInAMigration_IsLinkedAndItsInterruptionAllTheSame()
    {
        var story = InGuest();
        story.Error = 3;
        story.Migrate(100, 120, 7);
        story.Error = 0.001;
        story.Blackout(101, 101.2).Until(160);
        var (operation, blackout) = (story.Only("vcenter.vm.migrate"), story.Only("guest.blackout"));
        blackout.Parent.ShouldBe(default);
        blackout.Links.ShouldHaveSingleItem().ShouldBe(new SpanLink(operation.Trace, operation.Id, SpanLink.Overlaps));
        story.Watch.Tally.Read().Interruption!.Value.ShouldBe(0.2, 1e-9);
    }

    [Fact]
    public void Blackout_InNoOperation_IsATraceOfItsOwn()
    {
        var story = InGuest().Blackout(110, 110.4).Until(160);
        var blackout = story.Only("guest.blackout");
        (blackout.Parent, blackout.Links.Count).ShouldBe((default, 0));
        story.Watch.Tally.Read().Interruption.ShouldBeNull();
        story.ShouldBeSound();
    }

    [Fact]
    public void Blackout_InASnapshot_HangsBeneathThat()
    {
        var story = InGuest().Task(100, "started", 9, "VirtualMachine.createSnapshot").Blackout(101, 101.3).Task(103, "succeeded", 9, "VirtualMachine.createSnapshot").Until(160);
        story.Only("guest.blackout").Parent.ShouldBe(story.Only("vcenter.vm.snapshot.create").Id);
        story.Watch.Tally.Read().Interruption.ShouldBeNull("it was no migration");
    }

    [Fact]
    public void Blackout_ToldAfterTheMigrationWas_HangsBeneathIt()
    {
        var story = InGuest().Migrate(100, 120, 7).Until(140).Blackout(110, 110.4).Until(200);
        story.Only("guest.blackout").Parent.ShouldBe(story.Only("vcenter.vm.migrate").Id);
        story.ShouldBeSound();
    }

    [Fact]
    public void ClockStep_InAMigration_IsItsBlackout()
    {
        var story = InGuest().Migrate(100, 120, 7).Blackout(115.7, 116, BlackoutSign.Stepped).Until(160);
        var (operation, blackout) = (story.Only("vcenter.vm.migrate"), story.Only("guest.blackout"));
        Story.Value(blackout, "observe.guest.blackout.sign").ShouldBe("stepped");
        // Somewhere between the migration's begin, which it may touch, and the step.
        blackout.Links.ShouldHaveSingleItem().Span.ShouldBe(operation.Id);
        blackout.Begin.Earliest.ShouldBe(operation.Begin.Earliest);
        (blackout.End.Middle - blackout.Begin.Middle).ShouldBeInRange(299_999_000, 300_001_000);
        story.Watch.Tally.Read().Interruption!.Value.ShouldBe(0.3, 1e-9);
        story.ShouldBeSound();
    }

    [Fact]
    public void ClockStep_InNoMigration_IsNothing() => InGuest().Blackout(115.7, 116, BlackoutSign.Stepped).Until(160).Spans.ShouldBeEmpty();

    [Fact]
    public void Migration_WithoutABlackout_WasInterruptedForNoTimeIfSomebodyLooked()
    {
        InGuest().Migrate(100, 120, 7).Until(160).Watch.Tally.Read().Interruption.ShouldBe(0);
        var story = InGuest();
        story.Watch.SeesBlackouts = false;
        story.Migrate(100, 120, 7).Until(160).Watch.Tally.Read().Interruption.ShouldBeNull();
    }

    [Fact]
    public void Migration_OfAnotherMachine_IsNotCounted()
    {
        var story = InGuest().VCenter(100, "vcenter.vm.migrating", 7, ("vcenter.vm.id", "another"), ("vcenter.vm.name", "db")).VCenter(120, "vcenter.vm.migrated", 7).Blackout(110, 110.4).Until(600);
        story.Watch.Tally.Read().ShouldSatisfyAllConditions(each => each.Outcomes.Sum().ShouldBe(0), each => each.Interruption.ShouldBeNull());
        story.Only("guest.blackout").Links.ShouldBeEmpty();
    }

    [Fact]
    public void Recovery_AfterTheMigration_IsLinkedToIt()
    {
        var story = InGuest().Waits(30, 100, 1e-3).Waits(100, 128, 8e-3).Waits(128, 140, 1e-3).Migrate(100, 120, 7).Blackout(110, 110.4).Until(160);
        var (operation, recovery) = (story.Only("vcenter.vm.migrate"), story.Only("guest.recovery"));
        recovery.Trace.ShouldBe(operation.Trace);
        recovery.Parent.ShouldBe(default, "it goes on after it");
        recovery.Links.ShouldHaveSingleItem().ShouldBe(new SpanLink(operation.Trace, operation.Id, SpanLink.Of));
        recovery.Begin.ShouldBe(Story.At(110.4, 0.001));
        recovery.End.ShouldBe(Story.At(128, 0.001));
        recovery.IsError.ShouldBeFalse();
        Story.Value(recovery, "observe.guest.recovery.outcome").ShouldBe("recovered");
        Story.Value(recovery, "observe.guest.recovery.baseline").ShouldBe(1e-3);
        Story.Value(recovery, "observe.guest.recovery.peak").ShouldBe(8e-3);
        story.Watch.Tally.Read().Recovery!.Value.ShouldBe(17.6, 1e-6);
        story.Watch.Tally.Read().Outcomes.ShouldBe([1L, 0, 0]);
        story.ShouldBeSound();
    }

    [Fact]
    public void Recovery_WithinTheMigration_HangsBeneathIt()
    {
        var story = InGuest().Waits(30, 100, 1e-3).Waits(100, 113, 8e-3).Waits(113, 140, 1e-3).Migrate(100, 120, 7).Blackout(110, 110.4).Until(160);
        story.Only("guest.recovery").Parent.ShouldBe(story.Only("vcenter.vm.migrate").Id);
        story.ShouldBeSound();
    }

    [Fact]
    public void Recovery_NotWithinFiveMinutes_IsAnErrorAndCounted()
    {
        var story = InGuest().Waits(30, 100, 1e-3).Migrate(100, 120, 7).Blackout(110, 110.4).Until(200);
        story.Spans.ShouldNotContain(each => each.Descriptor.Name == "guest.recovery", "it may still recover");
        story.Waits(100, 412, 8e-3).Until(420);
        var recovery = story.Only("guest.recovery");
        recovery.IsError.ShouldBeTrue();
        Story.Value(recovery, "observe.guest.recovery.outcome").ShouldBe("unrecovered");
        story.Watch.Tally.Read().ShouldSatisfyAllConditions(each => each.Outcomes.ShouldBe([0L, 1, 0]), each => each.Recovery.ShouldBeNull());
    }

    [Fact]
    public void Recovery_NothingKnownOfWaits_IsCountedAsUnknown()
    {
        var story = InGuest().Migrate(100, 120, 7).Until(160);
        story.Spans.ShouldNotContain(each => each.Descriptor.Name == "guest.recovery");
        story.Watch.Tally.Read().Outcomes.ShouldBe([0L, 0, 1]);
    }

    private static Story InGuest()
    {
        var story = new Story().InGuest();
        story.Watch.SeesBlackouts = true;
        return story;
    }
}
