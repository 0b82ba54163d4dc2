using Observe.Telemetry.Model;
using static Observe.Telemetry.Model.MetricKind;
using static Observe.Telemetry.Model.MetricScope;

namespace Observe.Telemetry;

public static partial class VCenterMetrics
{
    /// <summary>Events of vCenters.</summary>
    public static readonly MetricDescriptor Events = new("observe_vcenter_events_total", "observe.vcenter.events", "{event}", Counter, Host,
        "Events that the vCenter told of, each counted once, by type, or by eventTypeId where the type is EventEx", "vcenter", "type");

    /// <summary>Events that were read again.</summary>
    public static readonly MetricDescriptor EventDuplicates = new("observe_vcenter_event_duplicates_total", "observe.vcenter.event.duplicates", "{event}", Counter, Host,
        "Events of the vCenter that were read again, by the overlap of readings, and left out", "vcenter");

    /// <summary>Events that were gone.</summary>
    public static readonly MetricDescriptor EventsMissed = new("observe_vcenter_events_missed_total", "observe.vcenter.events.missed", "{event}", Counter, Host,
        "Numbers of events that the vCenter had removed before they were read: as many events are missing, at most", "vcenter");

    /// <summary>Times that a vCenter counted anew.</summary>
    public static readonly MetricDescriptor EventResets = new("observe_vcenter_event_resets_total", "observe.vcenter.event.resets", "{reset}", Counter, Host,
        "Times the numbers of the vCenter's events began anew: its database was restored, or it is another vCenter", "vcenter");

    /// <summary>How late events are.</summary>
    public static readonly MetricDescriptor EventLag = new("observe_vcenter_event_lag_seconds", "observe.vcenter.event.lag", "s", Histogram, Host,
        "Time from when the vCenter made an event, on this host's clock, until it was delivered", "vcenter");

    /// <summary>Writings of the checkpoint.</summary>
    public static readonly MetricDescriptor CheckpointWrites = new("observe_vcenter_checkpoint_writes_total", "observe.vcenter.checkpoint.writes", "{write}", Counter, Host,
        "Times the checkpoint of the vCenter's events was to be written: written or failed", "vcenter", "outcome");

    /// <summary>Age of the checkpoint.</summary>
    public static readonly MetricDescriptor CheckpointTime = new("observe_vcenter_checkpoint_timestamp_seconds", "observe.vcenter.checkpoint.timestamp", "s", Gauge, Host,
        "When the checkpoint of the vCenter's events was last written, in seconds since the Unix epoch; absent before the first time", "vcenter");

    /// <summary>Changes of alarms.</summary>
    public static readonly MetricDescriptor AlarmChanges = new("observe_vcenter_alarm_changes_total", "observe.vcenter.alarm.changes", "{change}", Counter, Host,
        "Changes of alarms of the vCenter, by the status that they came to", "vcenter", "to");

    /// <summary>Tasks that ended.</summary>
    public static readonly MetricDescriptor Tasks = new("observe_vcenter_tasks_total", "observe.vcenter.tasks", "{task}", Counter, Host,
        "Tasks of the vCenter that ended, by what they did and whether it was done: succeeded or failed", "vcenter", "descriptor", "outcome");

    /// <summary>How long migrations take.</summary>
    public static readonly MetricDescriptor Migrations = new("observe_vcenter_migration_seconds", "observe.vcenter.migration", "s", Histogram, Host,
        "Time from the first to the last event of a migration of a virtual machine, by how it ended: succeeded or failed", "vcenter", "outcome");

    private static MetricDescriptor[] EventsMetrics =>
        [Events, EventDuplicates, EventsMissed, EventResets, EventLag, CheckpointWrites, CheckpointTime, AlarmChanges, Tasks, Migrations];
}
