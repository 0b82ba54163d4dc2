namespace Observe.Collectors.Kvm.Stats;

/// <summary>
/// What KVM itself counts of this host's virtual machines, without a hook: finds them, chooses where each one's statistics
/// come from, and reads them. Allocates nothing for a virtual machine that it has seen before. Used by one thread.
/// </summary>
/// <param name="proc">Where procfs is mounted.</param>
/// <param name="sys">Where sysfs is mounted.</param>
/// <param name="time">The clock.</param>
internal sealed class KvmStatsReader(string proc, string sys, TimeProvider time) : IDisposable
{
    /// <summary>
    /// Between two choices of a source for the same virtual machine: in the meantime the VMM may have opened statistics, or
    /// been given another vCPU. Costs a look at each of its descriptors, 0.1 to 0.5 ms.
    /// </summary>
    private static readonly TimeSpan BetweenChoices = TimeSpan.FromMinutes(1);

    private readonly string debugfs = $"{sys}/kernel/debug/kvm";
    private readonly VmFinder finder = new(proc, $"{sys}/kernel/debug/kvm", time);
    private readonly Dictionary<VmHandle, Entry> entries = [];
    private readonly List<VmHandle> gone = [];
    private readonly List<KvmVmStats> vms = [];
    private uint round;

    /// <summary>The virtual machines that are there, with what was read of them last.</summary>
    internal IReadOnlyList<KvmVmStats> Vms => vms;

    /// <summary>How virtual machines are found, in words.</summary>
    internal string Method => finder.Method;

    /// <summary>Virtual machines whose process is not known.</summary>
    internal int Unresolved => finder.Unresolved;

    /// <summary>Finds the virtual machines that are there.</summary>
    /// <returns>Valid until the next call.</returns>
    internal IReadOnlyList<VmHandle> FindVms() => finder.FindVms();

    /// <summary>Reads all of them.</summary>
    internal void Refresh()
    {
        round++;
        foreach (var vm in FindVms())
        {
            if (!entries.TryGetValue(vm, out var entry))
            {
                entries.Add(vm, entry = new Entry(vm));
                vms.Add(entry.Stats);
            }
            entry.Round = round;
            Read(entry);
        }
        foreach (var (vm, entry) in entries)
        {
            if (entry.Round != round)
                gone.Add(vm);
        }
        foreach (var vm in gone)
            Drop(vm);
        gone.Clear();
    }

    /// <summary>Lets go of all.</summary>
    public void Dispose()
    {
        foreach (var entry in entries.Values)
            entry.Source?.Dispose();
        entries.Clear();
        vms.Clear();
    }

    private void Read(Entry entry)
    {
        if (!entry.IsChosen || time.GetElapsedTime(entry.ChosenAt) >= BetweenChoices)
            Choose(entry);
        var failure = entry.Source?.Read(entry.Stats);
        if (failure is not null)
        {
            // Perhaps the VMM closed what it had open: what there is now is looked for at once, and once.
            Choose(entry);
            failure = entry.Source?.Read(entry.Stats);
        }
        entry.Stats.Origin = failure is null ? entry.Source?.Origin ?? KvmStatsOrigin.None : KvmStatsOrigin.None;
        entry.Stats.Explanation = failure ?? entry.Explanation;
    }

    private void Choose(Entry entry)
    {
        entry.Source?.Dispose();
        entry.Source = KvmStatsSource.Open(entry.Stats.Vm, proc, debugfs, out var explanation);
        entry.Explanation = explanation;
        entry.ChosenAt = time.GetTimestamp();
        entry.IsChosen = true;
    }

    private void Drop(VmHandle vm)
    {
        entries.Remove(vm, out var entry);
        entry!.Source?.Dispose();
        vms.Remove(entry.Stats);
    }

    private sealed class Entry(VmHandle vm)
    {
        public KvmVmStats Stats { get; } = new(vm);

        public KvmStatsSource? Source { get; set; }

        public string Explanation { get; set; } = "";

        public bool IsChosen { get; set; }

        public long ChosenAt { get; set; }

        public uint Round { get; set; }
    }
}
