using System.Collections.Frozen;

namespace Observe.Collectors.VCenter.Events;

/// <summary>
/// The types of events that have names of their own here; by type, or by <c>eventTypeId</c> where a server sends <c>EventEx</c> or
/// <c>ExtendedEvent</c>. All others are told of too, as <see cref="Other"/>.
/// </summary>
internal static class EventKinds
{
    private const string Info = "info";
    private const string Warning = "warning";
    private const string Error = "error";

    private static readonly FrozenDictionary<string, EventKind> Known = new Dictionary<string, EventKind>
    {
        ["VmBeingHotMigratedEvent"] = new("vcenter.vm.migrating", MigrationRole.Begin, Info),
        ["VmEmigratingEvent"] = new("vcenter.vm.migrating", MigrationRole.Begin, Info),
        ["VmBeingMigratedEvent"] = new("vcenter.vm.migrating", MigrationRole.Begin, Info),
        ["VmBeingRelocatedEvent"] = new("vcenter.vm.relocating", MigrationRole.Begin, Info),
        ["VmMigratedEvent"] = new("vcenter.vm.migrated", MigrationRole.Success, Info),
        ["VmRelocatedEvent"] = new("vcenter.vm.relocated", MigrationRole.Success, Info),
        ["VmFailedMigrateEvent"] = new("vcenter.vm.migrate_failed", MigrationRole.Failure, Error),
        ["VmRelocateFailedEvent"] = new("vcenter.vm.relocate_failed", MigrationRole.Failure, Error),
        ["MigrationEvent"] = new("vcenter.vm.migration_problem", Severity: Warning),

        // Deprecated since 5.0; newer servers send the EventEx beside it.
        ["VmRestartedOnAlternateHostEvent"] = new("vcenter.vm.restarted_by_ha", Severity: Warning),
        ["com.vmware.vc.ha.VmRestartedByHAEvent"] = new("vcenter.vm.restarted_by_ha", Severity: Warning),
        ["HostDasErrorEvent"] = new("vcenter.host.ha_error", Severity: Error),
        ["com.vmware.vc.HA.HostAgentErrorEvent"] = new("vcenter.host.ha_error", Severity: Error),
        ["VmFailoverFailed"] = new("vcenter.vm.failover_failed", Severity: Error),
        ["VmDasBeingResetEvent"] = new("vcenter.vm.reset_by_ha", Severity: Warning),
        ["DasHostFailedEvent"] = new("vcenter.host.ha_failed", Severity: Error),
        ["DasHostIsolatedEvent"] = new("vcenter.host.ha_isolated", Severity: Error),
        ["InsufficientFailoverResourcesEvent"] = new("vcenter.cluster.failover_resources_insufficient", Severity: Error),
        ["FailoverLevelRestored"] = new("vcenter.cluster.failover_resources_restored", Severity: Info),

        ["HostConnectionLostEvent"] = new("vcenter.host.connection_lost", Severity: Error),
        ["HostDisconnectedEvent"] = new("vcenter.host.disconnected", Severity: Warning),
        ["HostConnectedEvent"] = new("vcenter.host.connected", Severity: Info),
        ["EnteringMaintenanceModeEvent"] = new("vcenter.host.maintenance_entering", Severity: Info),
        ["EnteredMaintenanceModeEvent"] = new("vcenter.host.maintenance_entered", Severity: Info),
        ["ExitMaintenanceModeEvent"] = new("vcenter.host.maintenance_left", Severity: Info),

        ["ClusterOvercommittedEvent"] = new("vcenter.cluster.overcommitted", Severity: Warning),
        ["HostOvercommittedEvent"] = new("vcenter.host.overcommitted", Severity: Warning),
        ["ClusterStatusChangedEvent"] = new("vcenter.cluster.status_changed"),
        ["HostStatusChangedEvent"] = new("vcenter.host.status_changed"),
        ["ResourceViolatedEvent"] = new("vcenter.resource_pool.violated", Severity: Warning),
        ["ResourcePoolReconfiguredEvent"] = new("vcenter.resource_pool.reconfigured", Severity: Info),
        ["VmResourcePoolMovedEvent"] = new("vcenter.vm.resource_pool_moved", Severity: Info),
        ["VmResourceReallocatedEvent"] = new("vcenter.vm.resources_reallocated", Severity: Info),
        ["DrsEnabledEvent"] = new("vcenter.cluster.drs_enabled", Severity: Info),
        ["DrsDisabledEvent"] = new("vcenter.cluster.drs_disabled", Severity: Info),
        ["DrsRuleViolationEvent"] = new("vcenter.vm.drs_rule_violated", Severity: Warning),

        ["VmReconfiguredEvent"] = new("vcenter.vm.reconfigured", Severity: Info),
        ["VmPoweredOnEvent"] = new("vcenter.vm.powered_on", Severity: Info),
        ["VmPoweredOffEvent"] = new("vcenter.vm.powered_off", Severity: Info),
        ["VmSuspendedEvent"] = new("vcenter.vm.suspended", Severity: Info),
        ["VmResettingEvent"] = new("vcenter.vm.reset", Severity: Info),
        ["VmGuestRebootEvent"] = new("vcenter.vm.guest_rebooted", Severity: Info),
        ["VmGuestShutdownEvent"] = new("vcenter.vm.guest_shut_down", Severity: Info),
        ["VmGuestOSCrashedEvent"] = new("vcenter.vm.guest_crashed", Severity: Error),
        ["VmFailedToPowerOnEvent"] = new("vcenter.vm.power_on_failed", Severity: Error),
        ["VmInstanceUuidChangedEvent"] = new("vcenter.vm.instance_uuid_changed", Severity: Info),
        ["VmCreatedEvent"] = new("vcenter.vm.created", Severity: Info),
        ["VmClonedEvent"] = new("vcenter.vm.cloned", Severity: Info),
        ["VmRemovedEvent"] = new("vcenter.vm.removed", Severity: Info),

        ["AlarmStatusChangedEvent"] = new("vcenter.alarm.status_changed"),
        ["TaskEvent"] = new("vcenter.task.queued", Severity: Info),
        ["TaskTimeoutEvent"] = new("vcenter.task.timed_out", Severity: Warning),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Of what has no name of its own here.</summary>
    public static EventKind Other { get; } = new("vcenter.event");

    /// <summary>What is known of a type.</summary>
    /// <param name="type">The type, or the <c>eventTypeId</c>.</param>
    public static EventKind Of(string type)
    {
        if (Known.GetValueOrDefault(type) is { } exact)
            return exact;
        foreach (var each in EventHierarchy.LineOf(type))
        {
            if (Known.GetValueOrDefault(each) is { } kind)
                return kind;
        }
        return Other;
    }

    /// <summary>An event's type: its <c>eventTypeId</c> where its type says no more than that it has one.</summary>
    /// <param name="each">The event.</param>
    public static string TypeOf(Vim.VimEvent each) =>
        each.Type is "EventEx" or "ExtendedEvent" && each.Value["eventTypeId"]?.Text is { Length: > 0 } id ? id : each.Type;
}
