using Microsoft.Extensions.Logging;
using Observe.Collectors.Self;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>
/// The inventory of one vCenter or ESXi host, followed as the server pushes it (docs/vcenter-inventory.md). Two loops: what things are and
/// where, as it changes; what is used, at our own pace. What was told stands while the server is away, and is exported for a while.
/// </summary>
internal sealed class VCenterInventory : IVCenterInventory
{
    private readonly InventoryOptions options;
    private readonly TimeProvider time;
    private readonly InventoryPicture picture;
    private readonly UsageTable usage;
    private readonly PropertyFollower structureFollower;
    private readonly PropertyFollower usageFollower;
    private readonly InventorySeries series;

    /// <summary>Prepares; nothing is asked before <see cref="RunAsync"/>.</summary>
    /// <param name="name">The endpoint's name: the label <c>vcenter</c>.</param>
    /// <param name="session">Who is asked.</param>
    /// <param name="options">How.</param>
    /// <param name="host">Whose the series of following itself are.</param>
    /// <param name="losses">Where objects beyond the bound are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it says when it begins and fails to follow.</param>
    /// <param name="random">The jitter of pauses; null: any.</param>
    public VCenterInventory(
        string name, IVCenterSession session, InventoryOptions options, Resource host, LossCounters losses, TimeProvider time, ILogger logger, Random? random = null)
    {
        this.options = options;
        this.time = time;
        Name = name;
        var full = losses.Counter("vcenter_inventory_full");
        picture = new InventoryPicture(name, options.MaxObjects, full);
        usage = new UsageTable(options.MaxObjects, full);
        structureFollower = Follower("inventory", InventoryProperties.All, picture, options.Structure);
        usageFollower = Follower("usage", UsageProperties.All, usage, options.Usage);
        series = new InventorySeries(name, host, UnixNano.Now(time));

        PropertyFollower Follower(string what, IReadOnlyList<PropertyPaths> paths, IFollowTarget target, FollowTimings timings) =>
            new(name, what, [.. paths.Select(each => each.Set)], session, target, timings, time, random ?? new Random(), logger);
    }

    /// <summary>The endpoint's name.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsComplete => picture.IsComplete;

    /// <inheritdoc/>
    public long Version => picture.Version;

    /// <summary>How it fares.</summary>
    public ComponentStatus Status
    {
        get
        {
            var component = $"vcenter {Name} inventory";
            var now = structureFollower.State;
            if (now.Failure is { } failure)
                return new(component, StatusLevel.Degraded, failure, now.Remedy);
            if (usageFollower.State.Failure is { } trouble)
                return new(component, StatusLevel.Degraded, $"what is used is not followed: {trouble}", usageFollower.State.Remedy);
            return now.IsFollowing
                ? new(component, StatusLevel.Ok, $"{All("VirtualMachine").Count} VMs and templates on {All("HostSystem").Count} hosts")
                : new(component, StatusLevel.Absent, now.LastHeard is null ? "the inventory has not been told yet" : "the session was lost: the inventory is being told anew");
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<InventoryEntity> All(string type) => picture.All(type);

    /// <inheritdoc/>
    public InventoryEntity? Find(ManagedObject entity) => picture.Find(entity);

    /// <summary>All that is known of an object; null if nothing is.</summary>
    /// <param name="of">Which: also folders, and what single hosts are in.</param>
    public EntityFacts? Facts(ManagedObject of) => picture.Facts(of);

    /// <summary>Follows until it is stopped; by then, what was made on the server has been given up, or that took too long.</summary>
    /// <param name="stopping">Ends it.</param>
    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(Task.Run(() => structureFollower.RunAsync(stopping), CancellationToken.None), UseAsync(stopping));

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        series.Export(builder, picture, structureFollower, usageFollower);
        if (IsFresh(structureFollower.State, options.StaleAfter))
            picture.Export(builder, IsFresh(usageFollower.State, options.StaleAfter) ? usage : null, UnixNano.Now(time));
    }

    /// <summary>What is used says nothing without what it is that uses it; two full inventories at once are more than a server needs.</summary>
    private async Task UseAsync(CancellationToken stopping)
    {
        await picture.Completed.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await usageFollower.RunAsync(stopping).ConfigureAwait(false);
    }

    private bool IsFresh(FollowState state, TimeSpan longest) => state.LastHeard is { } heard && (state.IsFollowing || time.GetUtcNow() - heard < longest);
}
