namespace Observe.Collectors.VCenter.Inventory;

/// <summary>What the parts of a datacenter have together; NaN where none of them has said.</summary>
/// <param name="CpuMhz">CPU of its clusters and single hosts, in MHz.</param>
/// <param name="MemoryBytes">Their memory.</param>
/// <param name="Space">Size of its datastores that are reached, in bytes.</param>
/// <param name="FreeSpace">What is free of it.</param>
internal readonly record struct InventorySums(double CpuMhz, double MemoryBytes, double Space, double FreeSpace)
{
    private static readonly int Cpu = UsageProperties.Compute["summary.totalCpu"];
    private static readonly int Memory = UsageProperties.Compute["summary.totalMemory"];
    private static readonly int Size = UsageProperties.Datastore["summary.capacity"];
    private static readonly int Free = UsageProperties.Datastore["summary.freeSpace"];

    /// <summary>Nothing has been said.</summary>
    public static InventorySums Unknown { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>With one more part.</summary>
    /// <param name="part">What it is.</param>
    /// <param name="usage">Its numbers.</param>
    public InventorySums With(EntityFacts part, double[] usage) => (part, usage) switch
    {
        (_, []) => this,
        (ComputeFacts, _) => this with { CpuMhz = Sum(CpuMhz, usage[Cpu]), MemoryBytes = Sum(MemoryBytes, usage[Memory]) },
        (DatastoreFacts { IsAccessible: true }, _) => this with { Space = Sum(Space, usage[Size]), FreeSpace = Sum(FreeSpace, usage[Free]) },
        _ => this,
    };

    private static double Sum(double sum, double value) => double.IsNaN(sum) ? value : double.IsNaN(value) ? sum : sum + value;
}
