using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>Reads facts out of properties as they were told.</summary>
internal static class FactsReader
{
    /// <summary>Reads.</summary>
    /// <param name="of">Whose they are.</param>
    /// <param name="paths">Which properties.</param>
    /// <param name="values">Their values.</param>
    /// <returns>Null for what has no name: it has not been told, or must not be read.</returns>
    public static EntityFacts? Read(ManagedObject of, PropertyPaths paths, VimValue?[] values)
    {
        if (values[paths["name"]]?.Text is not { Length: > 0 } name)
            return null;
        var alarms = paths.Paths.Contains("triggeredAlarmState") ? Get("triggeredAlarmState") : null;
        EntityFacts facts = paths.Type switch
        {
            "VirtualMachine" => new MachineFacts
            {
                RawName = name,
                VApp = Get("parentVApp")?.AsManagedObject,
                Pool = Get("resourcePool")?.AsManagedObject,
                Host = Get("runtime.host")?.AsManagedObject,
                Power = Text("runtime.powerState"),
                Connection = Text("runtime.connectionState"),
                BiosUuid = Uuid("config.uuid"),
                InstanceUuid = Uuid("config.instanceUuid"),
                IsTemplate = Get("config.template")?.AsBoolean ?? false,
                Cpus = (int)(Number("config.hardware.numCPU") ?? 0),
                MemoryMb = Number("config.hardware.memoryMB") ?? 0,
                Snapshots = Snapshots(Get("snapshot"), "rootSnapshotList"),
            },
            "HostSystem" => new HostFacts
            {
                RawName = name,
                Connection = Text("runtime.connectionState"),
                Power = Text("runtime.powerState"),
                IsInMaintenance = Get("runtime.inMaintenanceMode")?.AsBoolean ?? false,
                Uuid = Uuid("summary.hardware.uuid"),
                Cores = (int)(Number("summary.hardware.numCpuCores") ?? 0),
                Threads = (int)(Number("summary.hardware.numCpuThreads") ?? 0),
                CpuMhz = (int)(Number("summary.hardware.cpuMhz") ?? 0),
                MemoryBytes = Number("summary.hardware.memorySize") ?? 0,
                Vendor = Text("summary.hardware.vendor"),
                Model = Text("summary.hardware.model"),
                Version = Get("summary.config.product")?["version"]?.Text ?? "",
                Build = Get("summary.config.product")?["build"]?.Text ?? "",
            },
            "ResourcePool" => new PoolFacts
            {
                RawName = name,
                Owner = Get("owner")?.AsManagedObject,
                CpuReservation = Number("config.cpuAllocation.reservation"),
                CpuLimit = Limit("config.cpuAllocation.limit"),
                CpuShares = Number("config.cpuAllocation.shares.shares"),
                MemoryReservation = Number("config.memoryAllocation.reservation"),
                MemoryLimit = Limit("config.memoryAllocation.limit"),
                MemoryShares = Number("config.memoryAllocation.shares.shares"),
            },
            "Datastore" => new DatastoreFacts(Text("summary.type"), Get("summary.accessible")?.AsBoolean ?? false) { RawName = name },
            "ComputeResource" => new ComputeFacts { RawName = name },
            _ => new PlaceFacts { RawName = name },
        };
        return facts with
        {
            Parent = Get("parent")?.AsManagedObject,
            Status = paths.Paths.Contains("overallStatus") && Text("overallStatus") is { Length: > 0 } status ? status : "gray",
            RedAlarms = Alarms(of, alarms, "red"),
            YellowAlarms = Alarms(of, alarms, "yellow"),
        };

        VimValue? Get(string path) => values[paths[path]];
        string Text(string path) => Get(path)?.Text ?? "";
        long? Number(string path) => Get(path)?.AsInt64;
        // -1: without one.
        long? Limit(string path) => Number(path) is >= 0 and var limit ? limit : null;
        string? Uuid(string path) => Text(path) is { Length: > 0 } uuid ? Lower(uuid) : null;
    }

    /// <summary>Also alarms of what is beneath stand on a cluster; they are counted where they belong.</summary>
    private static int Alarms(ManagedObject of, VimValue? alarms, string status)
    {
        var count = 0;
        foreach (var (_, alarm) in alarms?.Members ?? [])
        {
            if (alarm["overallStatus"]?.Text == status && (alarm["entity"]?.Text is not { } entity || entity == of.Id))
                count++;
        }
        return count;
    }

    private static int Snapshots(VimValue? within, string list)
    {
        var count = 0;
        foreach (var (name, value) in within?.Members ?? [])
        {
            if (name != list)
                continue;
            if (value.Type?.StartsWith("ArrayOf", StringComparison.Ordinal) ?? false)
            {
                foreach (var (_, each) in value.Members)
                    count += 1 + Snapshots(each, "childSnapshotList");
            }
            else
            {
                count += 1 + Snapshots(value, "childSnapshotList");
            }
        }
        return count;
    }

#pragma warning disable CA1308 // UUIDs are in lower case, here and in semantic conventions.
    private static string Lower(string uuid) => uuid.ToLowerInvariant();
#pragma warning restore CA1308
}
