using System.Collections.Frozen;
using Observe.Telemetry.Traces;

namespace Observe.Collectors.Traces.Operations;

/// <summary>Which events and tasks are of which operation of a vCenter.</summary>
internal static class OperationKinds
{
    /// <summary>Of what has no name of its own.</summary>
    public static SpanDescriptor Other { get; } = SpanCatalog.OperationOf("vcenter.task");

    /// <summary>By an event's name, where that says what the operation is: also without any task.</summary>
    private static readonly FrozenDictionary<string, (SpanDescriptor Kind, OperationRole Role)> ByEvent = new Dictionary<string, (SpanDescriptor, OperationRole)>
    {
        ["vcenter.vm.migrating"] = Of("vcenter.vm.migrate", OperationRole.Begin),
        ["vcenter.vm.migrated"] = Of("vcenter.vm.migrate", OperationRole.End),
        ["vcenter.vm.migrate_failed"] = Of("vcenter.vm.migrate", OperationRole.Failure),
        ["vcenter.vm.relocating"] = Of("vcenter.vm.relocate", OperationRole.Begin),
        ["vcenter.vm.relocated"] = Of("vcenter.vm.relocate", OperationRole.End),
        ["vcenter.vm.relocate_failed"] = Of("vcenter.vm.relocate", OperationRole.Failure),
        ["vcenter.vm.restarted_by_ha"] = Of("vcenter.vm.ha_restart", OperationRole.End),
        ["vcenter.vm.failover_failed"] = Of("vcenter.vm.ha_restart", OperationRole.Failure),
        ["vcenter.vm.reset_by_ha"] = Of("vcenter.vm.ha_reset", OperationRole.End),
        ["vcenter.vm.powered_on"] = Of("vcenter.vm.power_on", OperationRole.End),
        ["vcenter.vm.power_on_failed"] = Of("vcenter.vm.power_on", OperationRole.Failure),
        ["vcenter.vm.powered_off"] = Of("vcenter.vm.power_off", OperationRole.End),
        ["vcenter.vm.suspended"] = Of("vcenter.vm.suspend", OperationRole.End),
        ["vcenter.vm.reset"] = Of("vcenter.vm.reset", OperationRole.End),
        ["vcenter.vm.guest_rebooted"] = Of("vcenter.vm.guest_reboot", OperationRole.End),
        ["vcenter.vm.guest_shut_down"] = Of("vcenter.vm.guest_shutdown", OperationRole.End),
        ["vcenter.vm.reconfigured"] = Of("vcenter.vm.reconfigure", OperationRole.End),
        ["vcenter.vm.created"] = Of("vcenter.vm.create", OperationRole.End),
        ["vcenter.vm.cloned"] = Of("vcenter.vm.clone", OperationRole.End),
        ["vcenter.vm.removed"] = Of("vcenter.vm.remove", OperationRole.End),
        ["vcenter.host.maintenance_entering"] = Of("vcenter.host.maintenance_enter", OperationRole.Begin),
        ["vcenter.host.maintenance_entered"] = Of("vcenter.host.maintenance_enter", OperationRole.End),
        ["vcenter.host.maintenance_left"] = Of("vcenter.host.maintenance_exit", OperationRole.End),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>By a task's descriptor, in lower case, without what it is done to: <c>VirtualMachine.powerOn</c>, <c>vim.VirtualMachine.powerOn</c>.</summary>
    private static readonly FrozenDictionary<string, SpanDescriptor> ByTask = new Dictionary<string, string>
    {
        ["virtualmachine.migrate"] = "vcenter.vm.migrate",
        ["drm.executevmotionlro"] = "vcenter.vm.migrate",
        ["virtualmachine.relocate"] = "vcenter.vm.relocate",
        ["virtualmachine.createsnapshot"] = "vcenter.vm.snapshot.create",
        ["virtualmachine.createsnapshotex"] = "vcenter.vm.snapshot.create",
        ["virtualmachine.reverttocurrentsnapshot"] = "vcenter.vm.snapshot.revert",
        ["snapshot.revert"] = "vcenter.vm.snapshot.revert",
        ["virtualmachinesnapshot.revert"] = "vcenter.vm.snapshot.revert",
        ["virtualmachine.removeallsnapshots"] = "vcenter.vm.snapshot.remove",
        ["snapshot.remove"] = "vcenter.vm.snapshot.remove",
        ["virtualmachinesnapshot.remove"] = "vcenter.vm.snapshot.remove",
        ["virtualmachine.removesnapshot"] = "vcenter.vm.snapshot.remove",
        ["virtualmachine.consolidatedisks"] = "vcenter.vm.snapshot.consolidate",
        ["virtualmachine.poweron"] = "vcenter.vm.power_on",
        ["drm.executevmpoweronlro"] = "vcenter.vm.power_on",
        ["datacenter.executevmpoweronlro"] = "vcenter.vm.power_on",
        ["virtualmachine.poweroff"] = "vcenter.vm.power_off",
        ["virtualmachine.suspend"] = "vcenter.vm.suspend",
        ["virtualmachine.reset"] = "vcenter.vm.reset",
        ["virtualmachine.rebootguest"] = "vcenter.vm.guest_reboot",
        ["virtualmachine.shutdownguest"] = "vcenter.vm.guest_shutdown",
        ["virtualmachine.reconfigure"] = "vcenter.vm.reconfigure",
        ["folder.createvm"] = "vcenter.vm.create",
        ["virtualmachine.clone"] = "vcenter.vm.clone",
        ["virtualmachine.destroy"] = "vcenter.vm.remove",
        ["virtualmachine.unregister"] = "vcenter.vm.remove",
        ["hostsystem.entermaintenancemode"] = "vcenter.host.maintenance_enter",
        ["hostsystem.exitmaintenancemode"] = "vcenter.host.maintenance_exit",
    }.ToFrozenDictionary(each => each.Key, each => SpanCatalog.OperationOf(each.Value), StringComparer.Ordinal);

    /// <summary>What an event is to an operation.</summary>
    /// <param name="name">The event's name.</param>
    public static OperationRole RoleOf(string name) => name switch
    {
        "vcenter.task.queued" => OperationRole.TaskQueued,
        "vcenter.task.started" => OperationRole.TaskStarted,
        "vcenter.task.succeeded" => OperationRole.TaskSucceeded,
        "vcenter.task.failed" or "vcenter.task.timed_out" => OperationRole.TaskFailed,
        _ => ByEvent.TryGetValue(name, out var known) ? known.Role : OperationRole.Mention,
    };

    /// <summary>Which operation an event is of; null if it does not say.</summary>
    /// <param name="name">The event's name.</param>
    public static SpanDescriptor? OfEvent(string name) => ByEvent.TryGetValue(name, out var known) ? known.Kind : null;

    /// <summary>Which operation a task is.</summary>
    /// <param name="descriptor">As vSphere calls it.</param>
    public static SpanDescriptor OfTask(string descriptor)
    {
        var text = descriptor.ToLowerInvariant();
        // Of a.b.c what counts is b.c; some servers say vim.VirtualMachine, and some add _Task.
        var last = text.LastIndexOf('.');
        var before = last > 0 ? text.LastIndexOf('.', last - 1) : -1;
        text = text[(before + 1)..];
        return ByTask.GetValueOrDefault(text.EndsWith("_task", StringComparison.Ordinal) ? text[..^"_task".Length] : text) ?? Other;
    }

    private static (SpanDescriptor, OperationRole) Of(string name, OperationRole role) => (SpanCatalog.OperationOf(name), role);
}
