namespace Observe.Collectors.Sched;

/// <summary>The kernel memory that the ledger's tables take, before there are any.</summary>
public static class LedgerMemory
{
    /// <summary>Bytes of all its maps on a host, as the kernel accounts them.</summary>
    /// <param name="cpus">CPUs that can ever be.</param>
    /// <param name="cgroups">Cgroups that are to have an account each at a time.</param>
    public static long Bytes(int cpus, int cgroups) => LedgerSize.For(cpus, cgroups, 0, int.MaxValue).Bytes;
}
