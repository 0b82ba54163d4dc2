namespace Observe.Collectors.Cgroup;

/// <summary>Pressure of a workload over the lives of its topmost cgroups: never decreases, counts nothing twice.</summary>
internal sealed class PressureTotals
{
    private const int Kinds = 2;
    private readonly ulong[] totals = new ulong[CgroupPressure.Resources.Length * Kinds];
    private readonly ulong[] before = new ulong[CgroupPressure.Resources.Length * Kinds];
    private readonly bool[] known = new bool[CgroupPressure.Resources.Length];
    private CgroupPressure? source;
    private string sourcePath = "";

    /// <summary>Whether a resource has been read.</summary>
    /// <param name="resource">Index in <see cref="CgroupPressure.Resources"/>.</param>
    internal bool IsKnown(int resource) => known[resource];

    /// <summary>Stall time, us.</summary>
    /// <param name="resource">Index in <see cref="CgroupPressure.Resources"/>.</param>
    /// <param name="kind">0 for some, 1 for full.</param>
    internal ulong Micros(int resource, int kind) => totals[(resource * Kinds) + kind];

    /// <summary>Takes over what a cgroup's files say.</summary>
    /// <param name="path">The cgroup.</param>
    /// <param name="files">Its files.</param>
    internal void Update(string path, CgroupPressure files)
    {
        var isNew = !ReferenceEquals(source, files);
        // The past of a cgroup beneath the former one is part of what that one said; that of another cgroup is not.
        var pastCounted = isNew && source is not null && path.Length > sourcePath.Length && path.StartsWith(sourcePath, StringComparison.Ordinal);
        source = files;
        sourcePath = path;
        for (var resource = 0; resource < known.Length; resource++)
        {
            if (!files.IsKnown[resource])
                continue;
            known[resource] = true;
            Update(resource * Kinds, files.SomeMicros[resource], isNew, pastCounted);
            Update((resource * Kinds) + 1, files.FullMicros[resource], isNew, pastCounted);
        }
    }

    private void Update(int cell, ulong reading, bool isNew, bool pastCounted)
    {
        var from = !isNew ? before[cell] : pastCounted ? reading : 0;
        totals[cell] += reading > from ? reading - from : 0;
        before[cell] = reading;
    }
}
