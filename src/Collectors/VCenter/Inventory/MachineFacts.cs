using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Inventory;

/// <summary>A VM or a template.</summary>
internal sealed record MachineFacts : EntityFacts
{
    /// <summary>The vApp it is in, which then is its place in the inventory; else null.</summary>
    public ManagedObject? VApp { get; init; }

    /// <summary>The pool or vApp that it has its resources from; templates have none.</summary>
    public ManagedObject? Pool { get; init; }

    /// <summary>The host that it runs on, or last did.</summary>
    public ManagedObject? Host { get; init; }

    /// <summary><c>poweredOn</c>, <c>poweredOff</c>, <c>suspended</c>.</summary>
    public string Power { get; init; } = "";

    /// <summary><c>connected</c>, <c>disconnected</c>, <c>orphaned</c>, <c>inaccessible</c>, <c>invalid</c>.</summary>
    public string Connection { get; init; } = "";

    /// <summary>What its guest sees in SMBIOS, lower case; null while its configuration cannot be read.</summary>
    public string? BiosUuid { get; init; }

    /// <summary>Tells it from all others of its vCenter; null while its configuration cannot be read.</summary>
    public string? InstanceUuid { get; init; }

    /// <summary>Whether it is a template.</summary>
    public bool IsTemplate { get; init; }

    /// <summary>vCPUs.</summary>
    public int Cpus { get; init; }

    /// <summary>Memory, in MiB.</summary>
    public long MemoryMb { get; init; }

    /// <summary>Snapshots, of all branches.</summary>
    public int Snapshots { get; init; }
}
