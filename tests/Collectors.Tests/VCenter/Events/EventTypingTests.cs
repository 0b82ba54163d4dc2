using Observe.Collectors.Events;
using Observe.Collectors.Self;
using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Events;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>What events are called, and what is said of them.</summary>
public sealed class EventTypingTests
{
    [Theory]
    [InlineData("VmMigratedEvent", null, "vcenter.vm.migrated")]
    [InlineData("DrsVmMigratedEvent", null, "vcenter.vm.migrated")]
    [InlineData("DrsVmPoweredOnEvent", null, "vcenter.vm.powered_on")]
    [InlineData("VmDasBeingResetWithScreenshotEvent", null, "vcenter.vm.reset_by_ha")]
    [InlineData("MigrationResourceErrorEvent", null, "vcenter.vm.migration_problem")]
    [InlineData("VmRestartedOnAlternateHostEvent", null, "vcenter.vm.restarted_by_ha")]
    [InlineData("EventEx", "com.vmware.vc.ha.VmRestartedByHAEvent", "vcenter.vm.restarted_by_ha")]
    [InlineData("EventEx", "com.vmware.vc.HA.HostAgentErrorEvent", "vcenter.host.ha_error")]
    [InlineData("ExtendedEvent", "com.example.Anything", "vcenter.event")]
    [InlineData("UserLoginSessionEvent", null, "vcenter.event")]
    [InlineData("TaskTimeoutEvent", null, "vcenter.task.timed_out")]
    [InlineData("SomeEventOfTheFuture", null, "vcenter.event")]
    [InlineData("HostConnectionLostEvent", null, "vcenter.host.connection_lost")]
    [InlineData("TaskEvent", null, "vcenter.task.queued")]
    [InlineData("AlarmStatusChangedEvent", null, "vcenter.alarm.status_changed")]
    public void Run_EventOfAType_HasTheNameOfItsKind(string type, string? id, string name)
    {
        var told = Tell(vcenter => vcenter.Events.Post(type, members: id is null ? [] : [("eventTypeId", Values.Text(id))]));
        told.Name.ShouldBe(name);
        Delivery.Of(told, "vcenter.event.type").ShouldBe(id ?? type);
    }

    [Fact]
    public void Of_EveryTypeOfTheGroupsThatMatter_HasANameOfItsOwn()
    {
        string[] types =
        [
            "VmBeingHotMigratedEvent", "VmEmigratingEvent", "VmBeingMigratedEvent", "VmMigratedEvent", "DrsVmMigratedEvent", "VmRelocatedEvent", "VmFailedMigrateEvent", "VmRelocateFailedEvent",
            "VmRestartedOnAlternateHostEvent", "HostDasErrorEvent", "com.vmware.vc.ha.VmRestartedByHAEvent", "com.vmware.vc.HA.HostAgentErrorEvent", "VmFailoverFailed", "VmDasBeingResetEvent",
            "DasHostFailedEvent", "DasHostIsolatedEvent", "InsufficientFailoverResourcesEvent", "HostConnectionLostEvent", "HostDisconnectedEvent", "HostConnectedEvent",
            "EnteringMaintenanceModeEvent", "EnteredMaintenanceModeEvent", "ExitMaintenanceModeEvent", "ClusterOvercommittedEvent", "HostOvercommittedEvent", "ClusterStatusChangedEvent",
            "ResourceViolatedEvent", "VmResourcePoolMovedEvent", "VmResourceReallocatedEvent", "ResourcePoolReconfiguredEvent", "DrsEnabledEvent", "DrsDisabledEvent", "DrsRuleViolationEvent",
            "VmReconfiguredEvent", "VmPoweredOnEvent", "VmPoweredOffEvent", "VmSuspendedEvent", "VmResettingEvent", "VmGuestRebootEvent", "VmGuestOSCrashedEvent", "DrsVmPoweredOnEvent",
            "VmInstanceUuidChangedEvent", "AlarmStatusChangedEvent", "TaskEvent",
        ];
        types.Where(type => EventKinds.Of(type) == EventKinds.Other).ShouldBeEmpty();
    }

    [Fact]
    public void Run_Migration_SaysFromWhereToWhereAndOfWhat()
    {
        var told = Tell(vcenter =>
        {
            var cluster = vcenter.Inventory.AddCluster("blue", vcenter.Inventory.AddDatacenter("north"));
            var host = vcenter.Inventory.AddHost("esx-1", cluster);
            vcenter.Events.Post(
                "DrsVmMigratedEvent", vm: vcenter.Inventory.AddVm("web", host), user: "DOMAIN\\dora", chainId: 3999,
                members: [("sourceHost", Values.Of("HostEventArgument", ("name", Values.Text("esx-2"))))]);
        });
        Delivery.Of(told, "vcenter.vm.name").ShouldBe("web");
        Delivery.Of(told, "vcenter.host.name").ShouldBe("esx-1");
        Delivery.Of(told, "vcenter.source.host.name").ShouldBe("esx-2");
        Delivery.Of(told, "vcenter.cluster.name").ShouldBe("blue");
        Delivery.Of(told, "vcenter.datacenter.name").ShouldBe("north");
        Delivery.Of(told, "vcenter.event.chain_id").ShouldBe("3999");
        Delivery.Of(told, "user.name").ShouldBe("DOMAIN\\dora");
        Delivery.Of(told, "vcenter.event.severity").ShouldBe("info");
        Delivery.Of(told, "vcenter").ShouldBe("main");
        told.Subject.ShouldBeNull();
    }

    [Fact]
    public void Run_Alarm_SaysFromWhichStatusToWhichOfWhat()
    {
        var told = Tell(vcenter => vcenter.Events.Post("AlarmStatusChangedEvent", members:
        [
            ("alarm", Values.Of("AlarmEventArgument", ("name", Values.Text("Host CPU usage")))),
            ("entity", Values.Of("ManagedEntityEventArgument", ("name", Values.Text("esx-1")), ("entity", Values.Ref(new ManagedObject("HostSystem", "host-9"))))),
            ("from", Values.Text("green")), ("to", Values.Text("red")),
        ]));
        Delivery.Of(told, "vcenter.alarm.name").ShouldBe("Host CPU usage");
        Delivery.Of(told, "vcenter.alarm.entity.name").ShouldBe("esx-1");
        Delivery.Of(told, "vcenter.alarm.entity.type").ShouldBe("HostSystem");
        Delivery.Of(told, "vcenter.alarm.from").ShouldBe("green");
        Delivery.Of(told, "vcenter.alarm.to").ShouldBe("red");
    }

    [Fact]
    public void Run_EventFullOfText_IsBounded()
    {
        var told = Tell(vcenter => vcenter.Events.Post("EventEx", user: new string('u', 5000), members:
        [
            ("eventTypeId", Values.Text(new string('t', 5000))), ("severity", Values.Text("error")), ("objectName", Values.Text(new string('o', 5000))),
        ]));
        told.Attributes.Sum(each => each.Value.Length).ShouldBeLessThan(3000);
        Delivery.Of(told, "vcenter.event.severity").ShouldBe("error");
        EventTranslator.Cut(new string('x', 255) + "\U0001f600")!.Length.ShouldBe(255);
    }

    [Theory]
    [InlineData("2026-11-21T14:45:00Z", 1_000_000_000)]
    [InlineData("2026-11-21T14:45:00.1Z", 100_000_000)]
    [InlineData("2026-11-21T14:45:00.123Z", 1_000_000)]
    [InlineData("2026-11-21T14:45:00.123456Z", 1_000)]
    [InlineData("2026-11-21T14:45:00.123456+02:00", 1_000)]
    [InlineData("2026-11-21T14:45:00.123456789Z", 100)]
    [InlineData(null, 1_000_000_000)]
    public void Of_MomentAsWritten_CutOffWhatItsDigitsDoNotSay(string? text, long nanoseconds) =>
        (TimeResolution.Of(text).Ticks * 100).ShouldBe(nanoseconds);

    [Fact]
    public void Take_ChainsInAnyOrder_GivesEachMigrationItsDurationOnce()
    {
        var losses = new LossCounters();
        var chains = new MigrationChains(losses);
        chains.Take(1, "vm-1", MigrationRole.Begin, Seconds(10)).ShouldBeNull();
        chains.Take(1, "vm-1", MigrationRole.Begin, Seconds(12)).ShouldBeNull();
        chains.Take(1, "vm-2", MigrationRole.Begin, Seconds(11)).ShouldBeNull();
        chains.Take(1, "vm-1", MigrationRole.Success, Seconds(15)).ShouldBe(5);
        chains.Take(1, "vm-1", MigrationRole.Success, Seconds(16)).ShouldBeNull();
        chains.Take(1, "vm-2", MigrationRole.Failure, Seconds(14)).ShouldBe(3);
        chains.Take(2, "vm-1", MigrationRole.Success, Seconds(30)).ShouldBeNull();
        chains.Take(2, "vm-1", MigrationRole.Begin, Seconds(20)).ShouldBe(10);
        for (var i = 0; i < 5000; i++)
            chains.Take(100 + i, "vm-1", MigrationRole.Begin, Seconds(40));
        losses.All.Single().Value.ShouldBe(5000 - 4096);
        chains.Take(5099, "vm-1", MigrationRole.Success, Seconds(41)).ShouldBe(1);

        static long Seconds(int seconds) => seconds * TimeSpan.TicksPerSecond;
    }

    private static ObservedEvent Tell(Action<FakeVCenter> act)
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.Begin();
            act(bench.VCenter);
            await bench.Pass(20);
        });
        return bench.Delivered.Single();
    }
}
