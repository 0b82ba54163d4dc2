using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Inventory;

/// <content>From what was told to what others see.</content>
internal sealed partial class InventoryPicture
{
    private readonly HashSet<ManagedObject> dirty = [];
    private readonly LabelClaims claims = new();
    private bool isAllDirty;
    private bool isCountDirty;

    private void Learn(InventoryNode node, EntityFacts? facts)
    {
        if (Equals(node.Facts, facts))
            return;
        var before = node.Facts;
        node.Facts = facts;
        isCountDirty = true;
        dirty.Add(node.Object);
        // What is in it, or has it on its way, is called otherwise now.
        isAllDirty |= IsAbove(node) && (before?.RawName != facts?.RawName || before?.Parent != facts?.Parent || (before as PoolFacts)?.Owner != (facts as PoolFacts)?.Owner);
    }

    private void Remove(ManagedObject of)
    {
        if (!nodes.Remove(of, out var node))
            return;
        claims.Move(of, node.Claim, null, dirty);
        isAllDirty |= IsAbove(node);
        isCountDirty = true;
        if (node.Entity is not null)
            Changed();
    }

    /// <summary>Whether it is on the way of others.</summary>
    private static bool IsAbove(InventoryNode node) => node.Object.Type is not ("VirtualMachine" or "Datastore");

    private void Publish()
    {
        if (isAllDirty)
            dirty.UnionWith(nodes.Keys);
        // All know their place before any is named by it.
        foreach (var of in dirty)
        {
            if (nodes.TryGetValue(of, out var node))
                node.Place = places.Of(node);
        }
        foreach (var of in dirty.ToArray())
        {
            if (nodes.TryGetValue(of, out var node))
                Claim(node);
        }
        foreach (var of in dirty)
        {
            if (nodes.TryGetValue(of, out var node))
                Publish(node);
        }
        dirty.Clear();
        if (isCountDirty || isAllDirty)
            Count();
        (isAllDirty, isCountDirty) = (false, false);
    }

    private void Claim(InventoryNode node)
    {
        node.Labels = identity.Labels(node);
        var claim = node.Labels.Length == 0 ? null : $"{node.Labels[^1].Name}\n{string.Join('\n', node.Labels.Select(label => label.Value))}";
        claims.Move(node.Object, node.Claim, claim, dirty);
        node.Claim = claim;
    }

    private void Publish(InventoryNode node)
    {
        var entity = node.Claim is null ? null : Entity(node);
        if (!Equals(node.Entity, entity))
        {
            node.Entity = entity;
            Changed();
        }
        if (!ReferenceEquals(node.Series?.Resource, entity?.Resource))
            node.Series = null;
        node.Series?.Info = null;
    }

    private InventoryEntity Entity(InventoryNode node)
    {
        var facts = node.Facts!;
        var machine = facts as MachineFacts;
        var host = facts as HostFacts;
        return new InventoryEntity(
            node.Object, facts.Name, Resource(node), IsSampled(facts), machine?.Cpus ?? host?.Threads ?? 0, machine?.InstanceUuid, machine?.BiosUuid ?? host?.Uuid, machine?.Host);
    }

    /// <summary>Whose it is: the same instance, as long as nothing of it changes.</summary>
    private Resource Resource(InventoryNode node)
    {
        var labels = node.Labels;
        if (!claims.IsFirst(node.Claim!, node.Object))
            labels = [.. labels[..^1], new Label(labels[^1].Name, $"{labels[^1].Value} ({node.Object.Id})")];
        var attributes = identity.Attributes(node);
        return node.Entity?.Resource is { } old && old.Labels.SequenceEqual(labels) && old.Attributes.SequenceEqual(attributes) ? old : new Resource(attributes, labels);
    }

    private static bool IsSampled(EntityFacts facts) => facts switch
    {
        MachineFacts machine => machine is { Power: "poweredOn", Connection: "connected", IsTemplate: false },
        HostFacts host => host is { Connection: "connected", Power: not ("poweredOff" or "standBy") },
        DatastoreFacts store => store.IsAccessible,
        _ => true,
    };

    private void Count()
    {
        foreach (var (_, node) in nodes)
        {
            if (node.Object.Type is "Datacenter" or "ClusterComputeResource")
                (node.Counts ??= new InventoryCounts()).Clear();
        }
        foreach (var (_, node) in nodes)
        {
            node.Place.Datacenter?.Counts?.Add(node);
            node.Place.Cluster?.Counts?.Add(node);
        }
    }

    private void Changed()
    {
        Interlocked.Increment(ref version);
        lists.Clear();
    }
}
