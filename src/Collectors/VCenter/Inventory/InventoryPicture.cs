using Observe.Collectors.Self;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>
/// The inventory as it was told. What is told piece by piece is published as one: others see it as it was before, until there is no
/// more for now.
/// </summary>
internal sealed partial class InventoryPicture : IVCenterInventory, IFollowTarget
{
    private readonly Lock gate = new();
    private readonly Dictionary<ManagedObject, InventoryNode> nodes = [];
    private readonly Dictionary<string, IReadOnlyList<InventoryEntity>> lists = new(StringComparer.Ordinal);
    private readonly int capacity;
    private readonly LossCounter full;
    private readonly InventoryPlaces places;
    private readonly EntityIdentity identity;
    private readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long sync;
    private bool isComplete;
    private long version;

    /// <summary>Nothing is known yet.</summary>
    /// <param name="vcenter">The endpoint's name.</param>
    /// <param name="capacity">Objects that may be known.</param>
    /// <param name="full">Counts those beyond.</param>
    public InventoryPicture(string vcenter, int capacity, LossCounter full)
    {
        this.capacity = capacity;
        this.full = full;
        places = new InventoryPlaces(of => nodes.GetValueOrDefault(of));
        identity = new EntityIdentity(vcenter, places);
    }

    /// <inheritdoc/>
    public bool IsComplete
    {
        get
        {
            lock (gate)
                return isComplete;
        }
    }

    /// <inheritdoc/>
    public long Version => Interlocked.Read(ref version);

    /// <summary>Ends when all has been told for the first time.</summary>
    public Task Completed => completed.Task;

    /// <inheritdoc/>
    public IReadOnlyList<InventoryEntity> All(string type)
    {
        lock (gate)
        {
            if (!lists.TryGetValue(type, out var list))
                lists.Add(type, list = [.. nodes.Values.Where(node => node.Object.Type == type && node.Entity is not null).Select(node => node.Entity!)]);
            return list;
        }
    }

    /// <inheritdoc/>
    public InventoryEntity? Find(ManagedObject entity)
    {
        lock (gate)
            return nodes.GetValueOrDefault(entity)?.Entity;
    }

    /// <summary>All that is known of an object; null if nothing is.</summary>
    /// <param name="of">Which.</param>
    public EntityFacts? Facts(ManagedObject of)
    {
        lock (gate)
            return nodes.GetValueOrDefault(of)?.Facts;
    }

    /// <inheritdoc/>
    public void Begin(AboutInfo about)
    {
        lock (gate)
        {
            sync++;
            isComplete = false;
            // The same address may be another server's now.
            isAllDirty |= about.IsVCenter != identity.IsVCenter;
            identity.IsVCenter = about.IsVCenter;
        }
    }

    /// <inheritdoc/>
    public void Apply(IReadOnlyList<ObjectUpdate> updates, ICollection<(ManagedObject Object, string Path)> unplaced)
    {
        lock (gate)
        {
            foreach (var update in updates)
                Apply(update, unplaced);
        }
    }

    /// <inheritdoc/>
    public void Complete()
    {
        lock (gate)
        {
            if (!isComplete)
            {
                foreach (var (of, node) in nodes)
                {
                    if (node.Sync != sync)
                        Remove(of);
                }
                isComplete = true;
            }
            Publish();
        }
        completed.TrySetResult();
    }

    private void Apply(ObjectUpdate update, ICollection<(ManagedObject Object, string Path)> unplaced)
    {
        if (update.Kind == "leave")
        {
            Remove(update.Object);
            return;
        }
        if (!nodes.TryGetValue(update.Object, out var node))
        {
            // What is not known does not change: there was no room for it.
            if (update.Kind != "enter" || InventoryProperties.Of(update.Object.Type) is not { } paths)
                return;
            if (nodes.Count >= capacity)
            {
                full.Add();
                return;
            }
            nodes.Add(update.Object, node = new InventoryNode(update.Object, paths));
        }
        if (update.Kind == "enter")
        {
            // What is unset is not told: nothing of before may remain.
            node.Values = new VimValue?[node.Paths.Paths.Count];
            node.Sync = sync;
        }
        foreach (var change in update.Changes)
        {
            if (node.Paths.Apply(node.Values, change) is { } path)
                unplaced.Add((update.Object, path));
        }
        // What may not be read any more is not known any more.
        foreach (var (path, _) in update.Missing)
            node.Paths.Apply(node.Values, new PropertyChange(path, "remove", null));
        Learn(node, FactsReader.Read(node.Object, node.Paths, node.Values));
    }
}
