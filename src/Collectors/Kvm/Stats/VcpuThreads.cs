using Observe.Collectors.Identity;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>
/// The threads of a VMM that run vCPUs, found by their names. Looks at the names again when threads come or go, and once a
/// minute: a VMM names its threads after it has made them.
/// </summary>
/// <param name="proc">Where procfs is mounted.</param>
/// <param name="pid">The VMM.</param>
/// <param name="time">The clock.</param>
internal sealed class VcpuThreads(string proc, int pid, TimeProvider time)
{
    private const int MaxComm = 64;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    private readonly string tasks = $"{proc}/{pid}/task";
    private readonly SortedList<int, VcpuThread> threads = [];
    private List<int> listed = [];
    private List<int> listing = [];
    private long lookedAt;

    /// <summary>Those that were found, by the number of their vCPU; one that has ended keeps what it had.</summary>
    internal IList<VcpuThread> All => threads.Values;

    /// <summary>Finds them, and reads each one's times.</summary>
    internal void Refresh()
    {
        if (NumberedEntries.List(tasks, listing) is null && (!listing.SequenceEqual(listed) || time.GetElapsedTime(lookedAt) >= BetweenLooks))
            Look();
        foreach (var thread in threads.Values)
            thread.Refresh();
    }

    private void Look()
    {
        (listed, listing) = (listing, listed);
        lookedAt = time.GetTimestamp();
        foreach (var tid in listed)
        {
            var comm = ProcessText.Read($"{tasks}/{tid}/comm", MaxComm)?.TrimEnd('\n');
            if (comm is null || VmProcess.VcpuIndex(comm) is not { } vcpu)
                continue;
            if (!threads.TryGetValue(vcpu, out var thread))
                threads.Add(vcpu, new VcpuThread(vcpu, proc, pid, tid));
            else if (thread.Tid != tid && !listed.Contains(thread.Tid))
                thread.Become(proc, pid, tid);
        }
    }
}
