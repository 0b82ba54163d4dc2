namespace Observe.Collectors.Sched;

/// <summary>The ledger's choices in words.</summary>
internal static class LedgerText
{
    /// <summary>Where cgroups are read.</summary>
    /// <param name="hierarchy">The choice.</param>
    public static string Of(LedgerHierarchy hierarchy) => hierarchy switch
    {
        LedgerHierarchy.V2 => "cgroups of the default hierarchy",
        LedgerHierarchy.Hybrid => "cgroups of the default hierarchy, of v1 cpu for threads in its root",
        _ => "cgroups of the v1 cpu hierarchy",
    };
}
