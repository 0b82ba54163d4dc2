using Observe.Collectors.Traces;

namespace Observe.Collectors.Tests.Traces;

/// <summary>Operations of vCenters, of their events and tasks.</summary>
public sealed class OperationTests
{
    [Fact]
    public void Migration_Whole_IsOneSpanWithItsPhases()
    {
        var story = new Story().Migrate(10, 20, chain: 7).Until(40);

        var span = story.Only("vcenter.vm.migrate");
        span.Trace.ShouldBe(SpanIds.Trace("vcenter.operation", Story.Uuid, "7"));
        span.Id.ShouldBe(SpanIds.Span("vcenter.operation", Story.Uuid, "7"));
        span.Parent.ShouldBe(default);
        span.Begin.ShouldBe(Story.At(10, 0.001));
        span.End.ShouldBe(Story.At(20, 0.001));
        span.IsError.ShouldBeFalse();
        Story.Value(span, "vcenter.vm.id").ShouldBe(Story.Vm);
        Story.Value(span, "vcenter.task.descriptor").ShouldBe("VirtualMachine.migrate");
        Story.Value(span, "observe.vcenter.events").ShouldBe(5L);
        Story.Value(span, "observe.vcenter.event.types").ShouldBe(new[] { "vcenter.vm.migrating", "vcenter.vm.migrated" });
        var phases = story.All("vcenter.operation.phase");
        phases.Select(each => (string)Story.Value(each, "observe.vcenter.phase")!).ShouldBe(["queued", "preparing", "transferring", "finishing"]);
        phases.ShouldAllBe(each => each.Parent == span.Id);
        phases[2].Begin.ShouldBe(Story.At(10.2, 0.001));
        phases[2].End.ShouldBe(Story.At(19.9, 0.001));
        story.ShouldBeSound();
    }

    [Theory]
    [InlineData("VirtualMachine.createSnapshot", "vcenter.vm.snapshot.create")]
    [InlineData("vim.VirtualMachine.removeAllSnapshots", "vcenter.vm.snapshot.remove")]
    [InlineData("VirtualMachine.powerOn_Task", "vcenter.vm.power_on")]
    [InlineData("VirtualMachine.reconfigure", "vcenter.vm.reconfigure")]
    [InlineData("HostSystem.enterMaintenanceMode", "vcenter.host.maintenance_enter")]
    [InlineData("Drm.ExecuteVMotionLRO", "vcenter.vm.migrate")]
    [InlineData("com.example.whatever", "vcenter.task")]
    [InlineData("odd", "vcenter.task")]
    public void Task_ByItsDescriptor_HasItsOperationsName(string descriptor, string name)
    {
        var story = new Story().Task(1, "queued", 3, descriptor).Task(2, "started", 3, descriptor).Task(5, "succeeded", 3, descriptor).Until(30);
        story.Only(name).End.ShouldBe(Story.At(5, 0.001));
        story.ShouldBeSound();
    }

    [Fact]
    public void Task_Fails_IsAnErrorWithItsMessage()
    {
        var story = new Story().Task(1, "started", 3).VCenter(
            4, "vcenter.task.failed", 3, ("vcenter.task.id", "task-3"), ("error.type", "NoCompatibleHost"), ("vcenter.event.message", "no host is compatible")).Until(30);
        var span = story.Only("vcenter.vm.migrate");
        span.IsError.ShouldBeTrue();
        span.Problem.ShouldBe("no host is compatible");
        Story.Value(span, "error.type").ShouldBe("NoCompatibleHost");
    }

    [Theory]
    [InlineData("vcenter.vm.restarted_by_ha", "vcenter.vm.ha_restart")]
    [InlineData("vcenter.vm.powered_off", "vcenter.vm.power_off")]
    public void Event_ThatIsAllThereIs_IsASpanOfAMoment(string name, string span)
    {
        var story = new Story().OnVm(5, name, 9).Until(16);
        story.Spans.ShouldBeEmpty("what is late may still amend it");
        story.Until(18).Only(span).Begin.ShouldBe(story.Only(span).End);
        story.ShouldBeSound();
    }

    [Fact]
    public void Event_OfNoOperation_IsNoSpan() =>
        new Story().VCenter(1, "vcenter.alarm.status_changed", 4).VCenter(2, "vcenter.event", 5).VCenter(3, "vcenter.host.connected", 6).Until(60).Spans.ShouldBeEmpty();

    [Fact]
    public void Maintenance_EntersAndIsEntered_IsOneSpan()
    {
        var story = new Story().VCenter(1, "vcenter.host.maintenance_entering", 4, ("vcenter.host.name", "esx-1")).Until(1000).VCenter(1001, "vcenter.host.maintenance_entered", 4).Until(1020);
        var span = story.Only("vcenter.host.maintenance_enter");
        (span.End.Middle - span.Begin.Middle).ShouldBe(1_000_000_000_000);
    }

    [Fact]
    public void Event_LateButBeforeTheExport_IsInIt()
    {
        var story = new Story().OnVm(10, "vcenter.vm.migrating", 7).OnVm(20, "vcenter.vm.migrated", 7).Until(28);
        story.Task(9, "queued", 7).Task(20.5, "succeeded", 7).Until(60);
        story.Only("vcenter.vm.migrate").Begin.ShouldBe(Story.At(9, 0.001));
        story.ShouldBeSound();
    }

    [Fact]
    public void Event_AfterTheExport_IsALinkedCorrection()
    {
        var story = new Story().Migrate(10, 20, 7).Until(60).VCenter(21, "vcenter.vm.migration_problem", 7, ("vcenter.event.type", "MigrationWarningEvent")).Until(90);
        var spans = story.All("vcenter.vm.migrate");
        spans.Count.ShouldBe(2);
        spans[1].Trace.ShouldBe(spans[0].Trace);
        spans[1].Links.ShouldHaveSingleItem().ShouldBe(new SpanLink(spans[0].Trace, spans[0].Id, SpanLink.Corrects));
        Story.Value(spans[1], "observe.correction").ShouldBe(true);
        spans[1].Begin.ShouldBe(Story.At(21, 0.001));
        story.ShouldBeSound();
    }

    [Fact]
    public void Operation_GoesOnAtTheEnd_IsLeftToTheNextAgent()
    {
        new Story().OnVm(10, "vcenter.vm.migrating", 7).Task(10, "started", 7).Until(20).End().Spans.ShouldBeEmpty();
        new Story().Migrate(10, 20, 7).End().Only("vcenter.vm.migrate").IsError.ShouldBeFalse();
    }

    [Fact]
    public void Operation_WhoseEndIsNeverTold_IsExportedAsIncompleteADayLater()
    {
        var story = new Story().OnVm(10, "vcenter.vm.migrating", 7).Until(80_000);
        story.Spans.ShouldBeEmpty();
        Story.Value(story.Until(87_000).Only("vcenter.vm.migrate"), "observe.incomplete").ShouldBe("end");
    }

    [Fact]
    public void Task_WhoseChainOnlySomeEventsTell_IsOneOperation()
    {
        var story = new Story().Task(1, "queued", 5, "VirtualMachine.powerOn");
        (string, string)[] task = [("vcenter.task.id", "task-5"), ("vcenter.task.descriptor", "VirtualMachine.powerOn")];
        story.VCenter(2, "vcenter.task.started", 0, task).VCenter(3, "vcenter.task.succeeded", 0, task).VCenter(4, "vcenter.task.started", 0, ("vcenter.task.id", "task-6"))
            .VCenter(5, "vcenter.task.succeeded", 0, ("vcenter.task.id", "task-6")).Until(60);
        story.Only("vcenter.vm.power_on").Id.ShouldBe(SpanIds.Span("vcenter.operation", Story.Uuid, "5"));
        story.Only("vcenter.task").Id.ShouldBe(SpanIds.Span("vcenter.operation", Story.Uuid, "task-6"));
        story.Until(2000).Count.Operations.ShouldBe(0);
    }

    [Fact]
    public void Operations_TooMany_AreCounted()
    {
        var story = new Story();
        for (var i = 1; i <= 5000; i++)
            story.OnVm(1, "vcenter.vm.migrating", i);
        story.Losses.Counter("trace_operation_dropped").Value.ShouldBe(5000 - 4096);
        story.Count.Operations.ShouldBe(4096);
    }

    [Fact]
    public void TwoAgents_WithOtherClocks_AgreeOnIds()
    {
        var one = new Story().Migrate(10, 20, 7).Until(60);
        var other = new Story { Error = 1.5 }.Migrate(12.5, 22, 7).Until(60);
        other.Spans.Select(each => (each.Trace, each.Id, each.Parent)).ShouldBe(one.Spans.Select(each => (each.Trace, each.Id, each.Parent)));
    }
}
