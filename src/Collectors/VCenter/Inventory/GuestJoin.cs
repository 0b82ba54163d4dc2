using Observe.Collectors.Guest;
using Observe.Collectors.Traces;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>
/// Which VM of the vCenters that are watched this host is: <c>observe_host_vm_info</c>. Found by the UUID that the host sees in SMBIOS, as
/// it is, and else in its other byte order. Of two VMs with the same one, as careless copies have it, neither is taken. Series of the host itself
/// do not change with what is found: it comes late, and changes when the VM moves.
/// </summary>
internal sealed class GuestJoin
{
    private readonly Lock gate = new();
    private readonly Guid? uuid;
    private readonly Resource host;
    private readonly IReadOnlyList<IVCenterInventory> inventories;
    private readonly string[] names;
    private readonly long[] versions;
    private readonly ulong start;
    private readonly Series candidates;
    private volatile Match match = new(0, 0, null, false);
    private volatile Series? info;

    /// <summary>Prepares.</summary>
    /// <param name="hostId">This host's, as <see cref="HostId"/> has it; null if unknown.</param>
    /// <param name="host">The host's Resource.</param>
    /// <param name="inventories">All that are watched, with their endpoints' names.</param>
    /// <param name="time">The clock.</param>
    public GuestJoin(string? hostId, Resource host, IReadOnlyList<(string Name, IVCenterInventory Inventory)> inventories, TimeProvider time)
    {
        // What is no SMBIOS UUID, but a machine-id, is written without hyphens.
        uuid = SmbiosUuid.TryParse(hostId, out var known) ? known : null;
        this.host = host;
        this.inventories = [.. inventories.Select(each => each.Inventory)];
        names = [.. inventories.Select(each => each.Name)];
        versions = [.. inventories.Select(_ => -1L)];
        start = UnixNano.Now(time);
        candidates = new Series(VCenterMetrics.HostVmCandidates, host, start, []);
    }

    /// <summary>The VM that this host is; null if it is none, or which is not known.</summary>
    public InventoryEntity? Machine => match is { Count: 1, Machine: { } machine } ? machine : null;

    /// <summary>The same with where it runs, found anew if the inventories have changed; from any thread.</summary>
    public GuestPlace? Place
    {
        get
        {
            Refresh();
            return Machine is { } machine
                ? new GuestPlace(machine.InstanceUuid, machine.Name, machine.Resource.Attributes.FirstOrDefault(each => each.Key == "vcenter.host.name").Value)
                : null;
        }
    }

    /// <summary>How it fares; null without anything to join.</summary>
    public ComponentStatus? Status => uuid is null || inventories.Count == 0 ? null : match switch
    {
        { Count: 1, Machine: { } machine } => new("vcenter guest", StatusLevel.Ok, $"this host is the VM {machine.Name} of vCenter {names[match.Of]}{(match.IsSwapped ? ", by its UUID in the other byte order" : "")}"),
        { Count: > 1 } => new(
            "vcenter guest", StatusLevel.Degraded, $"{match.Count} VMs have this host's SMBIOS UUID {uuid:D}: which of them it is cannot be told", "give the copy a UUID of its own (uuid.bios in its configuration)"),
        _ => new("vcenter guest", StatusLevel.Absent, "this host is no VM of a vCenter that is watched"),
    };

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        if (uuid is null)
            return;
        Refresh();
        builder.Add(candidates, match.Count);
        if (info is { } known)
            builder.Add(known, 1);
    }

    private void Refresh()
    {
        lock (gate)
        {
            if (uuid is null || !IsChanged())
                return;
            var found = Find(uuid.Value, isSwapped: false);
            if (found.Count == 0)
                found = Find(SmbiosUuid.Swap(uuid.Value), isSwapped: true);
            match = found;
            info = found is { Count: 1, Machine: { } machine } ? Info(names[found.Of], machine) : null;
        }
    }

    private bool IsChanged()
    {
        var isChanged = false;
        for (var i = 0; i < versions.Length; i++)
        {
            var now = inventories[i].Version;
            isChanged |= now != versions[i];
            versions[i] = now;
        }
        return isChanged;
    }

    private Match Find(Guid wanted, bool isSwapped)
    {
        var found = new Match(0, 0, null, isSwapped);
        for (var i = 0; i < inventories.Count; i++)
        {
            foreach (var machine in inventories[i].All("VirtualMachine"))
            {
                if (!SmbiosUuid.TryParse(machine.BiosUuid, out var its) || its != wanted)
                    continue;
                // The same VM, of a vCenter and of its ESXi host: the first that is named in the configuration counts.
                if (found.Machine is { InstanceUuid: { } known } && known == machine.InstanceUuid && found.Of != i)
                    continue;
                found = found with { Count = found.Count + 1, Of = found.Machine is null ? i : found.Of, Machine = found.Machine ?? machine };
            }
        }
        return found;
    }

    private Series Info(string vcenter, InventoryEntity machine)
    {
        return new Series(
            VCenterMetrics.HostVmInfo, host, start,
            [vcenter, machine.Name, machine.InstanceUuid ?? "", Attribute("vcenter.host.name"), Attribute("vcenter.cluster.name"), Attribute("vcenter.datacenter.name")]);

        string Attribute(string name) => machine.Resource.Attributes.FirstOrDefault(each => each.Key == name).Value ?? "";
    }

    private sealed record Match(int Count, int Of, InventoryEntity? Machine, bool IsSwapped);
}
