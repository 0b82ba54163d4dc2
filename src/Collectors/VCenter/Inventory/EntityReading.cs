namespace Observe.Collectors.VCenter.Inventory;

/// <summary>What is known of something at a collection.</summary>
/// <param name="node">What it is.</param>
/// <param name="usage">Its numbers of <see cref="UsageProperties"/>, NaN where there is none; empty if there are none at all.</param>
internal readonly ref struct EntityReading(InventoryNode node, ReadOnlySpan<double> usage)
{
    private readonly ReadOnlySpan<double> usage = usage;

    /// <summary>What it is.</summary>
    public InventoryNode Node { get; } = node;

    /// <summary>One of its numbers; NaN if there is none.</summary>
    /// <param name="index">Of the property.</param>
    public double Usage(int index) => index < usage.Length ? usage[index] : double.NaN;
}
