using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>Finds out where things are: by their parents, and for VMs also by host and pool.</summary>
/// <param name="find">What is known of an object; null if nothing.</param>
internal sealed class InventoryPlaces(Func<ManagedObject, InventoryNode?> find)
{
    /// <summary>The deepest inventory: folders may be nested, but servers have seen no more than a dozen; a ring of parents must end.</summary>
    private const int Deepest = 64;

    /// <summary>Where something is.</summary>
    /// <param name="node">It.</param>
    public InventoryPlace Of(InventoryNode node)
    {
        switch (node.Facts)
        {
            case MachineFacts machine:
                var (host, pool) = (Find(machine.Host), Find(machine.Pool));
                var compute = (host is null ? null : Above(host, "ComputeResource")) ?? (pool is null ? null : Owner(pool));
                return new(Above(node, "Datacenter") ?? (host is null ? null : Above(host, "Datacenter")), compute, host, pool);
            case HostFacts:
                return new(Above(node, "Datacenter"), Above(node, "ComputeResource"), node, null);
            case PoolFacts:
                return new(Above(node, "Datacenter"), Owner(node), null, node);
            case ComputeFacts:
                return new(Above(node, "Datacenter"), node, null, null);
            case null:
                return default;
            default:
                return new(Above(node, "Datacenter"), null, null, null);
        }
    }

    /// <summary>The way to a pool or vApp: <c>/dc/host/cluster/Resources/pool</c>, with names as the server has them, so that each slash is a step.</summary>
    /// <param name="pool">The pool or vApp.</param>
    /// <param name="isVCenter">On single ESXi hosts it begins below what the host is in: all above has made-up names.</param>
    public string Path(InventoryNode pool, bool isVCenter)
    {
        var path = "";
        InventoryNode? at = pool;
        for (var depth = 0; at?.Facts is { } facts && depth < Deepest && (isVCenter || facts is PoolFacts); depth++)
        {
            path = $"/{facts.RawName}{path}";
            at = Find(facts.Parent);
        }
        return path;
    }

    private InventoryNode? Owner(InventoryNode pool) => Find(((PoolFacts)pool.Facts!).Owner) ?? Above(pool, "ComputeResource");

    /// <summary>The nearest of a type, itself included.</summary>
    private InventoryNode? Above(InventoryNode node, string type)
    {
        InventoryNode? at = node;
        for (var depth = 0; at?.Facts is { } facts && depth < Deepest; depth++)
        {
            if (at.Paths.Type == type)
                return at;
            at = Find(facts.Parent) ?? Find((facts as MachineFacts)?.VApp);
        }
        return null;
    }

    private InventoryNode? Find(ManagedObject? of) => of is { } managed && find(managed) is { Facts: not null } node ? node : null;
}
