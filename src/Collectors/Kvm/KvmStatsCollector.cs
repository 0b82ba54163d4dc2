using System.Globalization;
using Observe.Collectors.Cgroup;
using Observe.Collectors.Identity;
using Observe.Collectors.Kvm.Stats;
using Observe.Collectors.Sched;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Kvm;

/// <summary>
/// Virtual machines of this host without a hook (tier <see cref="KvmTier.Stats"/>): what KVM counts itself, and the
/// kernel's ordinary account of the threads that run vCPUs. The virtual machines pay nothing for it.
/// </summary>
public sealed class KvmStatsCollector : ICollector, IDisposable
{
    private const string Row = "kvm statistics";
    private const int MaxUptime = 64;
    private static readonly CollectResult None = CollectResult.NoData("no virtual machines here");

    private readonly KvmStatsReader reader;
    private readonly VmWorkloads workloads;
    private readonly WorkloadRegistry registry;
    private readonly SchedCollector? sched;
    private readonly string proc;
    private readonly TimeProvider time;
    private readonly VmNames names = new();
    private readonly VmIdentities identities;
    private readonly Dictionary<VmHandle, Entry> entries = [];
    private readonly List<VmHandle> gone = [];
    private readonly Lock gate = new();
    private bool disposed;

    /// <summary>Prepares; nothing is read until the first collection.</summary>
    /// <param name="registry">Who a cgroup is.</param>
    /// <param name="layout">Where cgroups are.</param>
    /// <param name="sched">Whose ledger tells the registry of cgroups; null if it is switched off.</param>
    /// <param name="proc">Where procfs is mounted.</param>
    /// <param name="sys">Where sysfs is mounted.</param>
    /// <param name="time">The clock.</param>
    public KvmStatsCollector(WorkloadRegistry registry, CgroupLayout layout, SchedCollector? sched, string proc, string sys, TimeProvider time)
    {
        this.registry = registry;
        this.sched = sched;
        this.proc = proc;
        this.time = time;
        reader = new KvmStatsReader(proc, sys, time);
        workloads = new VmWorkloads(registry, layout, proc);
        identities = new VmIdentities(registry);
    }

    /// <inheritdoc/>
    public string Name => "kvm";

    /// <inheritdoc/>
    public IEnumerable<ComponentStatus> Status
    {
        get
        {
            lock (gate)
                return [Describe()];
        }
    }

    /// <inheritdoc/>
    public ValueTask<CollectResult> CollectAsync(SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            reader.Refresh();
            foreach (var vm in reader.Vms)
            {
                if (!entries.TryGetValue(vm.Vm, out var entry))
                    entries.Add(vm.Vm, entry = Open(vm));
                if (entry.Workload.IsSettled)
                    SeriesOf(entry).Export(builder, vm);
            }
            Forget();
            return ValueTask.FromResult(reader.Vms.Count == 0 ? None : CollectResult.Ok);
        }
    }

    /// <summary>Lets go of the virtual machines' statistics.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            reader.Dispose();
        }
    }

    private Entry Open(KvmVmStats vm)
    {
        var pid = vm.Vm.Pid;
        var cpu = new VmmCpu($"{proc}/{pid}");
        cpu.Refresh();
        var age = TimeSpan.FromSeconds(Math.Max(0, SinceBoot() - cpu.Ticks.SinceBoot));
        var start = UnixNano.Of(time.GetUtcNow() - age);
        var workload = workloads.Of(pid, start, out var announced);
        var process = VmProcess.Read(proc, pid) ?? new VmProcess(pid, $"vm-{pid}", null, "unknown");
        identities.Tell(workload, process);
        return new Entry(vm, workload, process, start, announced);
    }

    private VmStatsSeries SeriesOf(Entry entry) =>
        entry.Series ??= new VmStatsSeries(entry.Workload, entry.Process, names.Take(entry.Workload.Resource, entry.Process.Name), entry.StartTimeUnixNano, proc, time);

    /// <summary>Seconds since boot, suspended time included: the clock of a process's beginning.</summary>
    private double SinceBoot() =>
        ProcessText.Read($"{proc}/uptime", MaxUptime) is { } text && double.TryParse(text.AsSpan(0, Math.Max(0, text.IndexOf(' ', StringComparison.Ordinal))), CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : 0;

    private void Forget()
    {
        // All that are there have an entry by now.
        if (entries.Count == reader.Vms.Count)
            return;
        foreach (var (handle, entry) in entries)
        {
            if (!reader.Vms.Contains(entry.Stats))
                gone.Add(handle);
        }
        foreach (var handle in gone)
        {
            entries.Remove(handle, out var entry);
            if (entry!.Series is { } series)
                names.Free(series.Resource, series.Name);
            // A ledger that runs by now knows better when the cgroup is gone.
            if (entry.Announced is { } cgroup && sched?.RunningLedger is null)
                registry.Retire(cgroup);
        }
        gone.Clear();
    }

    private ComponentStatus Describe()
    {
        var unread = reader.Vms.FirstOrDefault(vm => vm.Origin == KvmStatsOrigin.None);
        if (unread is not null)
        {
            return new ComponentStatus(Row, StatusLevel.Degraded, $"exits of process {unread.Vm.Pid} cannot be read: {unread.Explanation}",
                "mount debugfs, and run the agent as root (docs/virtual-machines.md)");
        }
        if (reader.Unresolved > 0)
            return new ComponentStatus(Row, StatusLevel.Degraded, $"{reader.Unresolved} virtual machines of unknown processes: the threads that made them are gone", "run the agent as root, in the host's pid namespace");
        return reader.Vms.Count == 0
            ? new ComponentStatus(Row, StatusLevel.Absent, $"no virtual machines; looked for in {reader.Method}")
            : new ComponentStatus(Row, StatusLevel.Ok, $"{reader.Vms.Count} virtual machines, found by {reader.Method}; {reader.Vms.Count(vm => vm.Origin == KvmStatsOrigin.Descriptors)} by vCPU");
    }

    private sealed record Entry(KvmVmStats Stats, Workload Workload, VmProcess Process, ulong StartTimeUnixNano, CgroupKey? Announced)
    {
        /// <summary>Made when its labels are decided.</summary>
        public VmStatsSeries? Series { get; set; }
    }
}
