using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Model;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>One object of the inventory. Guarded by the lock of <see cref="InventoryPicture"/>.</summary>
/// <param name="of">Which.</param>
/// <param name="paths">What is known of it.</param>
internal sealed class InventoryNode(ManagedObject of, PropertyPaths paths)
{
    /// <summary>Which.</summary>
    public ManagedObject Object { get; } = of;

    /// <summary>Which properties are known of it.</summary>
    public PropertyPaths Paths { get; } = paths;

    /// <summary>Their values.</summary>
    public VimValue?[] Values { get; set; } = new VimValue?[paths.Paths.Count];

    /// <summary>What they mean; null before it has a name.</summary>
    public EntityFacts? Facts { get; set; }

    /// <summary>The last time of all being told in which it was.</summary>
    public long Sync { get; set; }

    /// <summary>Where it is, as it was published.</summary>
    public InventoryPlace Place { get; set; }

    /// <summary>What others see; null before it is published, and for what nobody else needs.</summary>
    public InventoryEntity? Entity { get; set; }

    /// <summary>The labels that it wants, as one text; null if it has none.</summary>
    public string? Claim { get; set; }

    /// <summary>The labels that it wants, and gets if nobody else does.</summary>
    public Label[] Labels { get; set; } = [];

    /// <summary>What is in it: of datacenters and clusters.</summary>
    public InventoryCounts? Counts { get; set; }

    /// <summary>What its parts have together: of datacenters, since the last collection.</summary>
    public InventorySums Sums { get; set; }

    /// <summary>Its series; null before the first export, and after its Resource changed.</summary>
    public EntitySeries? Series { get; set; }
}
