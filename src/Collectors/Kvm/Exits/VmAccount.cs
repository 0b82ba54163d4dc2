using System.Globalization;
using Observe.Collectors.Identity;
using Observe.Collectors.Stalls;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Kvm.Exits;

/// <summary>One virtual machine: its vCPUs' time, its exits, and the series they are exported as. Made once; a collection allocates only for what is new.</summary>
internal sealed class VmAccount
{
    private readonly Dictionary<uint, VcpuSeries> vcpus = [];
    private readonly Dictionary<(uint Isa, uint Reason), ReasonAccount> reasons = [];
    private readonly Series info;
    private readonly VmOverhead overhead;
    private readonly VmmCpu vmm;

    /// <summary>Opens an account.</summary>
    /// <param name="workload">What its threads are charged to.</param>
    /// <param name="process">Who it is.</param>
    /// <param name="name">Its name, unique in the workload.</param>
    /// <param name="vmm">The CPU time of its VMM.</param>
    /// <param name="startTimeUnixNano">Its first entry, ns since the Unix epoch.</param>
    public VmAccount(Workload workload, VmProcess process, string name, VmmCpu vmm, ulong startTimeUnixNano)
    {
        Resource = workload.Resource;
        Name = name;
        StartTimeUnixNano = startTimeUnixNano;
        info = new Series(MetricCatalog.VmInfo, Resource, startTimeUnixNano,
            [name, process.Uuid ?? "", process.Vmm, process.Pid.ToString(CultureInfo.InvariantCulture)]);
        overhead = new VmOverhead(Resource, startTimeUnixNano, name);
        this.vmm = vmm;
    }

    /// <summary>Whose the series are.</summary>
    public Resource Resource { get; }

    /// <summary>The <c>vm</c> label.</summary>
    public string Name { get; }

    /// <summary>Since when it accumulates.</summary>
    public ulong StartTimeUnixNano { get; }

    /// <summary>Spans that tell of single exits.</summary>
    public ExitExemplars Exemplars { get; } = new();

    /// <summary>Threads of it that have an account in the kernel.</summary>
    public int Threads { get; set; }

    /// <summary>Begins a collection.</summary>
    public void BeginSum()
    {
        foreach (var vcpu in vcpus.Values)
            vcpu.BeginSum();
        foreach (var reason in reasons.Values)
            reason.BeginSum();
    }

    /// <summary>A vCPU.</summary>
    /// <param name="number">KVM's number of it.</param>
    public VcpuSeries Vcpu(uint number)
    {
        if (!vcpus.TryGetValue(number, out var vcpu))
            vcpus.Add(number, vcpu = new VcpuSeries(this, number));
        return vcpu;
    }

    /// <summary>A reason.</summary>
    /// <param name="isa">KVM's number of the instruction set.</param>
    /// <param name="number">The processor's number of it.</param>
    public ReasonAccount Reason(uint isa, uint number)
    {
        if (!reasons.TryGetValue((isa, number), out var reason))
            reasons.Add((isa, number), reason = new ReasonAccount(this, ExitReasons.NameOf(isa, number)));
        return reason;
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    public void Export(SnapshotBuilder builder)
    {
        builder.Add(info, 1);
        ExportOverhead(builder);
        foreach (var vcpu in vcpus.Values)
            vcpu.Export(builder);
        foreach (var reason in reasons.Values)
            reason.Export(builder);
    }

    private void ExportOverhead(SnapshotBuilder builder)
    {
        double guest = 0, exit = 0, kept = 0, vmmOnVcpus = 0;
        foreach (var vcpu in vcpus.Values)
        {
            guest += vcpu[VcpuTime.Guest];
            exit += vcpu[VcpuTime.Exit];
            kept += vcpu[VcpuTime.Waiting] + vcpu[VcpuTime.Throttled];
            vmmOnVcpus += vcpu[VcpuTime.Userspace] + vcpu[VcpuTime.HaltPoll];
        }
        vmm.Refresh();
        // At least what the vCPUs' own threads show: the process may have been gone before it was looked at.
        overhead.Export(builder, guest, exit, kept, Math.Max(vmm.Seconds - guest - exit, vmmOnVcpus));
    }
}
