using System.Collections.Frozen;

namespace Observe.Collectors.VCenter.Events;

/// <summary>
/// Which types of events are kinds of which others (vim25), as far as it matters to what they are called here: a server sends the
/// most special one. One that is not here is a kind of nothing.
/// </summary>
internal static class EventHierarchy
{
    private static readonly FrozenDictionary<string, string> Bases = new Dictionary<string, string>
    {
        ["DrsVmMigratedEvent"] = "VmMigratedEvent",
        ["DrsVmPoweredOnEvent"] = "VmPoweredOnEvent",
        ["VmPoweringOnWithCustomizedDVPortEvent"] = "VmEvent",
        ["VmDasBeingResetWithScreenshotEvent"] = "VmDasBeingResetEvent",
        ["VmReloadFromPathFailedEvent"] = "VmEvent",
        ["VmFailedRelayoutOnVmfs2DatastoreEvent"] = "VmEvent",
        ["VmCloneFailedEvent"] = "VmCloneEvent",
        ["VmClonedEvent"] = "VmCloneEvent",
        ["VmBeingClonedEvent"] = "VmCloneEvent",
        ["VmBeingClonedNoFolderEvent"] = "VmCloneEvent",
        ["VmRelocateSpecEvent"] = "VmEvent",
        ["VmBeingRelocatedEvent"] = "VmRelocateSpecEvent",
        ["VmRelocatedEvent"] = "VmRelocateSpecEvent",
        ["VmRelocateFailedEvent"] = "VmRelocateSpecEvent",
        ["MigrationErrorEvent"] = "MigrationEvent",
        ["MigrationHostErrorEvent"] = "MigrationEvent",
        ["MigrationHostWarningEvent"] = "MigrationEvent",
        ["MigrationResourceErrorEvent"] = "MigrationEvent",
        ["MigrationResourceWarningEvent"] = "MigrationEvent",
        ["MigrationWarningEvent"] = "MigrationEvent",
        ["DrsResourceConfigureFailedEvent"] = "HostEvent",
        ["VmFailedToPowerOnEvent"] = "VmEvent",
        ["TaskTimeoutEvent"] = "TaskEvent",
        ["HostWwnChangedEvent"] = "HostEvent",
        ["HostVnicConnectedToCustomizedDVPortEvent"] = "HostEvent",
        ["BadUsernameSessionEvent"] = "SessionEvent",
        ["UserLoginSessionEvent"] = "SessionEvent",
        ["UserLogoutSessionEvent"] = "SessionEvent",
        ["SessionTerminatedEvent"] = "SessionEvent",
        ["AlreadyAuthenticatedSessionEvent"] = "SessionEvent",
        ["NoAccessUserEvent"] = "SessionEvent",
        ["ServerStartedSessionEvent"] = "SessionEvent",
        ["GlobalMessageChangedEvent"] = "SessionEvent",
        ["AlarmActionTriggeredEvent"] = "AlarmEvent",
        ["AlarmStatusChangedEvent"] = "AlarmEvent",
        ["AlarmAcknowledgedEvent"] = "AlarmEvent",
        ["AlarmClearedEvent"] = "AlarmEvent",
        ["NonVIWorkloadDetectedOnDatastoreEvent"] = "DatastoreEvent",
        ["ExtendedEvent"] = "GeneralEvent",
        ["GeneralHostErrorEvent"] = "GeneralEvent",
        ["GeneralHostInfoEvent"] = "GeneralEvent",
        ["GeneralHostWarningEvent"] = "GeneralEvent",
        ["GeneralUserEvent"] = "GeneralEvent",
        ["GeneralVmErrorEvent"] = "GeneralEvent",
        ["GeneralVmInfoEvent"] = "GeneralEvent",
        ["GeneralVmWarningEvent"] = "GeneralEvent",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A type and those that it is a kind of, the most special first.</summary>
    /// <param name="type">The type.</param>
    public static IEnumerable<string> LineOf(string type)
    {
        for (var each = type; each is not null; each = Bases.GetValueOrDefault(each))
            yield return each;
    }
}
