namespace Observe.Collectors.Traces;

/// <summary>Which host this is, and which boot of it: what ids of its own spans are made with.</summary>
/// <param name="HostId">As the resource attribute <c>host.id</c>; its name if that is not known.</param>
/// <param name="BootId">As the kernel has it.</param>
public sealed record HostIdentity(string HostId, string BootId)
{
    /// <summary>Reads it.</summary>
    /// <param name="hostId">The host's id; null if unknown.</param>
    /// <param name="proc">Where the process file system is.</param>
    public static HostIdentity Read(string? hostId, string proc)
    {
        var file = Path.Combine(proc, "sys/kernel/random/boot_id");
        return new HostIdentity(hostId ?? Environment.MachineName, File.Exists(file) ? File.ReadAllText(file).Trim() : "");
    }
}
