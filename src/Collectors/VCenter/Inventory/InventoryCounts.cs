namespace Observe.Collectors.VCenter.Inventory;

/// <summary>How many of what are in a datacenter or cluster.</summary>
internal sealed class InventoryCounts
{
    /// <summary>Statuses, as vcenterreceiver has them.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["red", "yellow", "green", "gray"];

    /// <summary>Power states, as vcenterreceiver has them.</summary>
    public static IReadOnlyList<string> PowerStates { get; } = ["on", "off", "standby", "suspended", "unknown"];

    /// <summary>VMs by status and power state.</summary>
    public int[,] Machines { get; } = new int[Statuses.Count, PowerStates.Count];

    /// <summary>Hosts by status and power state.</summary>
    public int[,] Hosts { get; } = new int[Statuses.Count, PowerStates.Count];

    /// <summary>Clusters by status.</summary>
    public int[] Clusters { get; } = new int[Statuses.Count];

    /// <summary>Templates.</summary>
    public int Templates { get; private set; }

    /// <summary>Datastores.</summary>
    public int Datastores { get; private set; }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Array.Clear(Machines);
        Array.Clear(Hosts);
        Array.Clear(Clusters);
        (Templates, Datastores) = (0, 0);
    }

    /// <summary>Counts one.</summary>
    /// <param name="node">What is in it.</param>
    public void Add(InventoryNode node)
    {
        switch (node.Facts)
        {
            case MachineFacts { IsTemplate: true }:
                Templates++;
                break;
            case MachineFacts machine:
                Machines[Status(machine), PowerOf(machine.Power)]++;
                break;
            case HostFacts host:
                Hosts[Status(host), PowerOf(host.Power)]++;
                break;
            case ComputeFacts cluster when node.Object.Type == "ClusterComputeResource":
                Clusters[Status(cluster)]++;
                break;
            case DatastoreFacts:
                Datastores++;
                break;
        }
    }

    /// <summary>A power state of the server's, as an index of <see cref="PowerStates"/>.</summary>
    /// <param name="power">As the server has it.</param>
    public static int PowerOf(string power) => power switch { "poweredOn" => 0, "poweredOff" => 1, "standBy" => 2, "suspended" => 3, _ => 4 };

    /// <summary>A status of the server's, as an index of <see cref="Statuses"/>.</summary>
    /// <param name="status">As the server has it.</param>
    public static int StatusOf(string status) => status switch { "red" => 0, "yellow" => 1, "green" => 2, _ => 3 };

    private static int Status(EntityFacts facts) => StatusOf(facts.Status);
}
