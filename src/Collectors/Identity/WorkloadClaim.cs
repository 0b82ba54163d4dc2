namespace Observe.Collectors.Identity;

/// <summary>An identity and the workload it was given, for as long as one of its cgroups is known. Guarded by the registry's lock.</summary>
internal sealed class WorkloadClaim(string key, Workload workload)
{
    internal string Key { get; } = key;

    internal Workload Workload { get; } = workload;

    internal int Cgroups { get; set; }
}
