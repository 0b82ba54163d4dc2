using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Inventory;

/// <content>What is exported of it.</content>
internal sealed partial class InventoryPicture
{
    /// <summary>Types that are counted.</summary>
    public static IReadOnlyList<string> Types { get; } =
        ["Datacenter", "ClusterComputeResource", "ComputeResource", "HostSystem", "VirtualMachine", "ResourcePool", "VirtualApp", "Datastore", "Folder"];

    /// <summary>Adds the points of everything, as of one moment.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="usage">Their numbers; null if they are too old.</param>
    /// <param name="now">The start of series that are new, ns since the Unix epoch.</param>
    public void Export(SnapshotBuilder builder, UsageTable? usage, ulong now)
    {
        lock (gate)
        {
            Add(usage);
            foreach (var (of, node) in nodes)
            {
                if (node.Entity is not { } entity)
                    continue;
                node.Series ??= new EntitySeries(entity.Resource, EntityMetrics.Of(node), now);
                node.Series.Export(builder, new EntityReading(node, usage?.Read(of) ?? []));
            }
        }
    }

    /// <summary>Counts objects by type.</summary>
    /// <param name="counts">Takes one for each of <see cref="Types"/>.</param>
    public void CountTypes(Span<int> counts)
    {
        counts.Clear();
        lock (gate)
        {
            foreach (var (of, _) in nodes)
            {
                var at = 0;
                while (at < Types.Count && Types[at] != of.Type)
                    at++;
                if (at < Types.Count)
                    counts[at]++;
            }
        }
    }

    private void Add(UsageTable? usage)
    {
        foreach (var (_, node) in nodes)
        {
            if (node.Counts is not null)
                node.Sums = InventorySums.Unknown;
        }
        foreach (var (of, node) in nodes)
        {
            if (node.Facts is ComputeFacts or DatastoreFacts && node.Place.Datacenter is { } datacenter)
                datacenter.Sums = datacenter.Sums.With(node.Facts, usage?.Read(of) ?? []);
        }
    }
}
