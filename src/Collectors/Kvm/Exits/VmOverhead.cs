using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Kvm.Exits;

/// <summary>What being a virtual machine costs it, from the account: docs/virtual-machines.md defines the parts.</summary>
internal sealed class VmOverhead
{
    private static readonly string[] Parts = ["useful", "trap", "schedule", "isolation"];
    private readonly Series[] series;
    private readonly double[] shown = new double[Parts.Length];
    private readonly VmmCpu vmm;

    /// <summary>Makes the series.</summary>
    /// <param name="vm">Whose they are.</param>
    /// <param name="vmm">The CPU time of its VMM.</param>
    public VmOverhead(VmAccount vm, VmmCpu vmm)
    {
        this.vmm = vmm;
        series = [.. Parts.Select(part => new Series(MetricCatalog.VmOverhead, vm.Resource, vm.StartTimeUnixNano, [vm.Name, part]))];
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="vcpus">Its vCPUs, brought to now.</param>
    public void Export(SnapshotBuilder builder, Dictionary<uint, VcpuSeries>.ValueCollection vcpus)
    {
        double guest = 0, exit = 0, kept = 0, vmmOnVcpus = 0;
        foreach (var vcpu in vcpus)
        {
            guest += vcpu[VcpuTime.Guest];
            exit += vcpu[VcpuTime.Exit];
            kept += vcpu[VcpuTime.Waiting] + vcpu[VcpuTime.Throttled];
            vmmOnVcpus += vcpu[VcpuTime.Userspace] + vcpu[VcpuTime.HaltPoll];
        }
        vmm.Refresh();
        Add(builder, 0, guest);
        Add(builder, 1, exit);
        Add(builder, 2, kept);
        // At least what the vCPUs' own threads show: the process may have been gone before it was looked at.
        Add(builder, 3, Math.Max(vmm.Seconds - guest - exit, vmmOnVcpus));
    }

    private void Add(SnapshotBuilder builder, int part, double seconds)
    {
        // The VMM's time is a difference of two clocks that tick apart: a counter must not show that as going back.
        shown[part] = Math.Max(shown[part], seconds);
        builder.Add(series[part], shown[part]);
    }
}
