namespace Observe.Collectors.VCenter.Inventory;

/// <summary>An ESXi host.</summary>
internal sealed record HostFacts : EntityFacts
{
    /// <summary><c>connected</c>, <c>disconnected</c>, <c>notResponding</c>.</summary>
    public string Connection { get; init; } = "";

    /// <summary><c>poweredOn</c>, <c>poweredOff</c>, <c>standBy</c>, <c>unknown</c>.</summary>
    public string Power { get; init; } = "";

    /// <summary>Whether it is in maintenance mode.</summary>
    public bool IsInMaintenance { get; init; }

    /// <summary>Its hardware's number in SMBIOS, lower case; null if unknown.</summary>
    public string? Uuid { get; init; }

    /// <summary>Cores.</summary>
    public int Cores { get; init; }

    /// <summary>Logical CPUs.</summary>
    public int Threads { get; init; }

    /// <summary>Of each core, in MHz.</summary>
    public int CpuMhz { get; init; }

    /// <summary>Memory, in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Who made it.</summary>
    public string Vendor { get; init; } = "";

    /// <summary>Its model.</summary>
    public string Model { get; init; } = "";

    /// <summary>Version of ESXi.</summary>
    public string Version { get; init; } = "";

    /// <summary>Build of ESXi.</summary>
    public string Build { get; init; } = "";
}
