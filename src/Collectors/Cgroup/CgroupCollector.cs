using Observe.Collectors.Identity;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Cgroup;

/// <summary>
/// What the kernel's own files say about each workload's limits and pressure: quota, periods, throttling, PSI. Allocates
/// nothing for a cgroup it has seen before. What it costs, and how it stays in its budget, is in <c>docs/identity.md</c>.
/// </summary>
/// <param name="registry">Whose cgroups they are.</param>
/// <param name="layout">Where they are.</param>
/// <param name="time">Clock for the budget of pressure readings.</param>
/// <param name="maxOpenFiles">Most files kept open; 0 for a quarter of RLIMIT_NOFILE, at most 16,384.</param>
/// <param name="pressure">Whether pressure stall information is read.</param>
public sealed class CgroupCollector(WorkloadRegistry registry, CgroupLayout layout, TimeProvider time, int maxOpenFiles = 0, bool pressure = true) : ICollector, IDisposable
{
    /// <summary>
    /// Time spent on pressure files in a collection. Reading one makes the kernel sum over all CPUs (2 to 3 us on 2 CPUs, growing with their number), so that
    /// where there are many, each is read every second or third time only.
    /// </summary>
    private static readonly TimeSpan PressureBudget = TimeSpan.FromMilliseconds(5);

    /// <summary>Workloads whose pressure is read even when the budget is used up at once, so that all come round.</summary>
    private const int MinPressureReadings = 32;

    private readonly CgroupFileReader reader = new(maxOpenFiles > 0 ? maxOpenFiles : CgroupFileReader.DefaultMaxOpen());
    private readonly Dictionary<LiveCgroup, CgroupEntry> entries = [];
    private readonly Dictionary<Workload, WorkloadAccount> accounts = [];
    private readonly List<CgroupEntry> entryList = [];
    private readonly List<WorkloadAccount> accountList = [];
    private IReadOnlyList<LiveCgroup> seen = [];
    private uint tick;
    private int nextPressure;
    private int pressureRead;

    /// <inheritdoc/>
    public string Name => "cgroup";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status
    {
        get
        {
            yield return layout.Status;
            yield return TransientOpens == 0
                ? new ComponentStatus("cgroup files", StatusLevel.Ok, $"{OpenFiles} of at most {MaxOpenFiles} open")
                : new ComponentStatus("cgroup files", StatusLevel.Degraded, $"all {MaxOpenFiles} descriptors in use; {TransientOpens} readings had to open their file, which costs ten times a reading",
                    "raise LimitNOFILE of the agent to 16 files a cgroup and more");
        }
    }

    /// <summary>Files kept open now.</summary>
    public int OpenFiles => reader.OpenCount;

    /// <summary>Most files kept open.</summary>
    public int MaxOpenFiles => reader.MaxOpen;

    /// <summary>Readings so far that had to open and close their file, because too many were open; never decreases.</summary>
    public long TransientOpens => reader.TransientOpens;

    /// <summary>Workloads whose pressure was read in the last collection; the others show what was read last.</summary>
    public int PressureReadings => pressureRead;

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (layout.Mode == CgroupMode.None)
            return ValueTask.FromResult(CollectResult.Failed($"{layout.Status.Detail}; {layout.Status.Remedy}"));
        tick++;
        Follow(registry.Live);
        reader.BeginCollection();
        foreach (var entry in entryList)
        {
            cancellationToken.ThrowIfCancellationRequested();
            entry.Refresh(reader, tick);
        }
        if (pressure)
            RefreshPressure(cancellationToken);
        foreach (var account in accountList)
        {
            if (account.Workload.IsSettled)
                account.Emit(builder);
        }
        return ValueTask.FromResult(reader.Result);
    }

    /// <summary>Closes all files.</summary>
    public void Dispose() => Follow([]);

    private void RefreshPressure(CancellationToken cancellationToken)
    {
        pressureRead = 0;
        if (!layout.HasPressure)
            return;
        var start = time.GetTimestamp();
        for (var visited = 0; visited < accountList.Count; visited++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (pressureRead >= MinPressureReadings && time.GetElapsedTime(start) >= PressureBudget)
                return;
            nextPressure = nextPressure < accountList.Count ? nextPressure : 0;
            if (accountList[nextPressure++].RefreshPressure(reader))
                pressureRead++;
        }
    }

    /// <summary>Starts on cgroups that are new and drops those that the registry has forgotten.</summary>
    private void Follow(IReadOnlyList<LiveCgroup> live)
    {
        if (ReferenceEquals(live, seen))
            return;
        seen = live;
        var current = live.ToHashSet();
        // First the new ones: a container that restarted must not lose its account between its old cgroup and its new one.
        foreach (var cgroup in live)
        {
            if (!entries.ContainsKey(cgroup) && !IsPooled(cgroup.Workload))
                Start(cgroup);
        }
        foreach (var (cgroup, entry) in entries)
        {
            if (!current.Contains(cgroup))
                Drop(cgroup, entry);
        }
        entryList.Clear();
        entryList.AddRange(entries.Values);
        accountList.Clear();
        accountList.AddRange(accounts.Values);
    }

    // Limits and pressure of cgroups that have nothing to do with each other have no meaning together.
    private static bool IsPooled(Workload workload) => ReferenceEquals(workload, WorkloadRegistry.Other);

    private void Start(LiveCgroup cgroup)
    {
        var entry = new CgroupEntry(cgroup, layout, entries.Count);
        entries.Add(cgroup, entry);
        if (!accounts.TryGetValue(cgroup.Workload, out var account))
            accounts.Add(cgroup.Workload, account = new WorkloadAccount(cgroup.Workload));
        account.Join(entry);
    }

    private void Drop(LiveCgroup cgroup, CgroupEntry entry)
    {
        entry.Close(reader);
        entries.Remove(cgroup);
        var account = accounts[cgroup.Workload];
        account.Leave(entry);
        if (account.Topmost is null)
            accounts.Remove(cgroup.Workload);
    }
}
