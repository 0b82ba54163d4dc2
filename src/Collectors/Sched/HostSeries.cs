using System.Globalization;
using Observe.Bpf.Host;
using Observe.Collectors.Identity;
using Observe.Collectors.Self;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Sched;

/// <summary>What the ledger says of the host and of itself: the CPUs, the residual, its programs and maps, its losses.</summary>
internal sealed class HostSeries
{
    private readonly Ledger ledger;
    private readonly LedgerReader reader;
    private readonly WorkloadRegistry registry;
    private readonly CpuSeries?[] cpus;
    private readonly Series[] lost;
    private readonly Series torn;
    private readonly Series folded;
    private readonly ObjectSeries self;
    private readonly Series slotsUsed;
    private readonly Series delaysUsed;

    /// <summary>Makes the series.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="reader">Counts what could not be read.</param>
    /// <param name="registry">Counts what was folded.</param>
    /// <param name="host">Whose they are.</param>
    /// <param name="start">Since when they accumulate, ns since the Unix epoch.</param>
    public HostSeries(Ledger ledger, LedgerReader reader, WorkloadRegistry registry, Resource host, ulong start)
    {
        this.ledger = ledger;
        this.reader = reader;
        this.registry = registry;
        cpus = new CpuSeries?[ledger.Size.Cpus];
        foreach (var cpu in CpuSet.Possible.Ids)
            cpus[cpu] = new CpuSeries(cpu, ledger.Traits, host, start);
        lost = [.. LedgerWire.LostReasons.Select(Lost)];
        torn = Lost("ledger_read_torn");
        folded = Lost("workloads_folded");
        self = new ObjectSeries(ledger.Programs, ledger.Maps, host, start);
        slotsUsed = new Series(MetricCatalog.MapEntries, host, start, ["slots"]);
        delaysUsed = new Series(MetricCatalog.MapEntries, host, start, ["delays"]);

        Series Lost(string reason) => new(MetricCatalog.Lost, host, start, [reason]);
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where they go.</param>
    /// <param name="accounts">The accounts, brought to now.</param>
    /// <param name="delays">Pairs of slots of which one has made the other wait.</param>
    public void Export(SnapshotBuilder builder, LedgerAccounts accounts, int delays)
    {
        for (var cpu = 0; cpu < cpus.Length; cpu++)
        {
            ref readonly var local = ref ledger.Cpus[cpu];
            if (local.First != 0 && cpus[cpu] is { } series)
                series.Export(builder, in accounts.Cpus[cpu], accounts.AtMonotonic - (long)local.FirstMono);
        }
        var counts = ledger.Globals.ReadArray<ulong>("lost");
        for (var i = 0; i < lost.Length; i++)
            builder.Add(lost[i], counts[i]);
        builder.Add(torn, reader.Torn);
        builder.Add(folded, registry.Folded);
        self.Export(builder);
        builder.Add(slotsUsed, accounts.Slots.Used);
        builder.Add(delaysUsed, delays);
    }

    /// <summary>One CPU's series.</summary>
    private sealed class CpuSeries
    {
        private readonly Series running;
        private readonly Series idle;
        private readonly Series? irq;
        private readonly Series? steal;
        private readonly Series residual;
        private CpuTotals shown;

        public CpuSeries(int cpu, KernelTraits traits, Resource host, ulong start)
        {
            var name = cpu.ToString(CultureInfo.InvariantCulture);
            running = Time("running");
            idle = Time("idle");
            irq = traits.TracksIrq ? Time("irq") : null;
            steal = traits.TracksSteal ? Time("steal") : null;
            residual = new Series(MetricCatalog.LedgerResidual, host, start, [name]);

            Series Time(string state) => new(MetricCatalog.CpuTime, host, start, [name, state]);
        }

        public void Export(SnapshotBuilder builder, in CpuTotals now, long elapsed)
        {
            // Interrupts within an idle spell are only known when it ends: a counter must not show that as going back.
            shown.Running = Math.Max(shown.Running, now.Running);
            shown.Idle = Math.Max(shown.Idle, now.Idle);
            shown.Irq = Math.Max(shown.Irq, now.Irq);
            shown.Steal = Math.Max(shown.Steal, now.Steal);
            builder.Add(running, shown.Running / 1e9);
            builder.Add(idle, shown.Idle / 1e9);
            if (irq is not null)
                builder.Add(irq, shown.Irq / 1e9);
            if (steal is not null)
                builder.Add(steal, shown.Steal / 1e9);
            builder.Add(residual, (elapsed - now.Sum) / 1e9);
        }
    }
}
