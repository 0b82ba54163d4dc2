using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>What is said of following itself.</summary>
internal sealed class InventorySeries
{
    private static readonly string[] Parts = ["inventory", "usage"];
    private readonly Series[] objects;
    private readonly Series complete;
    private readonly (Series Resyncs, Series Updates, Series LastHeard)[] followers;
    private readonly int[] counts = new int[InventoryPicture.Types.Count];

    /// <summary>Makes the series.</summary>
    /// <param name="vcenter">The endpoint's name.</param>
    /// <param name="host">Whose they are.</param>
    /// <param name="start">Since when they accumulate, ns since the Unix epoch.</param>
    public InventorySeries(string vcenter, Resource host, ulong start)
    {
        objects = [.. InventoryPicture.Types.Select(type => new Series(VCenterMetrics.InventoryObjects, host, start, [vcenter, type]))];
        complete = new Series(VCenterMetrics.InventoryComplete, host, start, [vcenter]);
        followers =
        [
            .. Parts.Select(part => (
                new Series(VCenterMetrics.InventoryResyncs, host, start, [vcenter, part]),
                new Series(VCenterMetrics.InventoryUpdates, host, start, [vcenter, part]),
                new Series(VCenterMetrics.InventoryLastHeard, host, start, [vcenter, part]))),
        ];
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="picture">The inventory.</param>
    /// <param name="structure">Who follows what things are.</param>
    /// <param name="usage">Who follows what is used.</param>
    public void Export(SnapshotBuilder builder, InventoryPicture picture, PropertyFollower structure, PropertyFollower usage)
    {
        picture.CountTypes(counts);
        for (var i = 0; i < objects.Length; i++)
            builder.Add(objects[i], counts[i]);
        builder.Add(complete, picture.IsComplete ? 1 : 0);
        Add(followers[0], structure);
        Add(followers[1], usage);

        void Add((Series Resyncs, Series Updates, Series LastHeard) of, PropertyFollower follower)
        {
            builder.Add(of.Resyncs, follower.Resyncs);
            builder.Add(of.Updates, follower.Updates);
            if (follower.State.LastHeard is { } heard)
                builder.Add(of.LastHeard, heard.ToUnixTimeMilliseconds() / 1e3);
        }
    }
}
