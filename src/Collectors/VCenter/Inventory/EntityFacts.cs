using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>What is known of anything in the inventory.</summary>
internal abstract record EntityFacts
{
    /// <summary>Its name as the server has it: with <c>%2f</c>, <c>%5c</c> and <c>%25</c>.</summary>
    public required string RawName { get; init; }

    /// <summary>What it is in; null at the top, and for VMs in a vApp.</summary>
    public ManagedObject? Parent { get; init; }

    /// <summary><c>green</c>, <c>yellow</c>, <c>red</c>, or <c>gray</c>: not known.</summary>
    public string Status { get; init; } = "gray";

    /// <summary>Alarms of its own that are red.</summary>
    public int RedAlarms { get; init; }

    /// <summary>Alarms of its own that are yellow.</summary>
    public int YellowAlarms { get; init; }

    /// <summary>Its name, decoded.</summary>
    public string Name => VimName.Decode(RawName);
}
