using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Kvm;

/// <summary>What being a virtual machine costs it: docs/virtual-machines.md defines the parts.</summary>
internal sealed class VmOverhead
{
    private static readonly string[] Parts = ["useful", "trap", "schedule", "isolation"];
    private readonly Series[] series;
    private readonly double[] shown = new double[Parts.Length];

    /// <summary>Makes the series.</summary>
    /// <param name="resource">Whose they are.</param>
    /// <param name="startTimeUnixNano">Since when they accumulate.</param>
    /// <param name="vm">The <c>vm</c> label.</param>
    public VmOverhead(Resource resource, ulong startTimeUnixNano, string vm) =>
        series = [.. Parts.Select(part => new Series(MetricCatalog.VmOverhead, resource, startTimeUnixNano, [vm, part]))];

    /// <summary>Adds the points, each in seconds; what is not known has none.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="useful">In the guest.</param>
    /// <param name="trap">Handling exits.</param>
    /// <param name="schedule">vCPUs waiting and throttled.</param>
    /// <param name="isolation">The VMM's other CPU time.</param>
    public void Export(SnapshotBuilder builder, double useful, double? trap, double? schedule, double? isolation)
    {
        Add(builder, 0, useful);
        Add(builder, 1, trap);
        Add(builder, 2, schedule);
        Add(builder, 3, isolation);
    }

    private void Add(SnapshotBuilder builder, int part, double? seconds)
    {
        if (seconds is not { } known)
            return;
        // Some are differences of clocks that tick apart: a counter must not show that as going back.
        shown[part] = Math.Max(shown[part], known);
        builder.Add(series[part], shown[part]);
    }
}
