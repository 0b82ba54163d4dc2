namespace Observe.Collectors.Kvm.Stats;

/// <summary>Where the statistics of a virtual machine are read from. Nothing of it stays open between readings that keeps the machine alive.</summary>
internal abstract class KvmStatsSource : IDisposable
{
    /// <summary>Which kind.</summary>
    internal abstract KvmStatsOrigin Origin { get; }

    /// <summary>What it is, in words.</summary>
    internal abstract string Description { get; }

    /// <summary>Reads all there is. Allocates nothing but for what is new.</summary>
    /// <param name="stats">Filled.</param>
    /// <returns>Null, or why it failed; then some may be filled and some not.</returns>
    internal abstract string? Read(KvmVmStats stats);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>
    /// Chooses the best source for a virtual machine: the VMM's descriptors, which tell vCPUs apart, take no lock that all
    /// virtual machines share and are there under kernel lockdown; else debugfs.
    /// </summary>
    /// <param name="vm">Which.</param>
    /// <param name="proc">Where procfs is mounted.</param>
    /// <param name="debugfs">KVM's directory in debugfs.</param>
    /// <param name="explanation">Which it is and why, or why there is none.</param>
    internal static KvmStatsSource? Open(VmHandle vm, string proc, string debugfs, out string explanation)
    {
        KvmStatsSource? source = KvmStatsFiles.TryOpen(vm.Pid, proc, out var noFiles);
        if (source is not null)
        {
            explanation = source.Description;
            return source;
        }
        source = KvmDebugfs.TryOpen(vm, debugfs, out var noDebugfs);
        explanation = source is not null ? $"{source.Description}, because {noFiles}" : $"{noFiles}, and {noDebugfs}";
        return source;
    }
}
