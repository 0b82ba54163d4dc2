using Microsoft.Extensions.Logging.Abstractions;
using Observe.Bpf;
using Observe.Collectors;
using Observe.Collectors.Cgroup;
using Observe.Collectors.Identity;
using Observe.Collectors.Sched;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Telemetry.Model;

namespace Observe.Agent.Check;

/// <summary>Does the ledger load and attach? Found out by doing it; it is detached again at once.</summary>
/// <param name="options">The ledger's options.</param>
/// <param name="cgroupRoot">Where cgroups are mounted.</param>
public sealed class LedgerProbe(SchedOptions options, string cgroupRoot) : IProbe
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Enabled)
            return new([new ComponentStatus("ledger", StatusLevel.Absent, "switched off: collectors.sched.enabled is false")]);
        if (!LibBpfLibrary.TryLoad(out _, out _))
            return new([new ComponentStatus("ledger", StatusLevel.Failed, "not tried: there is no usable libbpf", LibBpfLibrary.Remedy)]);
        using var collector = new SchedCollector(
            options, BpfObjects.PathOf("ledger"), CgroupLayout.Detect(cgroupRoot).Mode, new WorkloadRegistry(), new ExemplarStore(new LossCounters()), new Resource([], []), TimeProvider.System,
            NullLogger<SchedCollector>.Instance);
        collector.Start();
        return new([.. collector.Status]);
    }
}
