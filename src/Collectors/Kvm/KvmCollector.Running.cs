using Observe.Collectors.Identity;
using Observe.Collectors.Kvm.Exits;
using Observe.Collectors.Sched;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Kvm;

/// <content>What there is while KVM is hooked.</content>
public sealed partial class KvmCollector
{
    private sealed class Running : IDisposable
    {
        private readonly VmTable vms;
        private readonly ObjectSeries self;
        private readonly Series[] lost;
        private readonly Series torn;
        private readonly Series used;

        public Running(KvmExits exits, Ledger ledger, WorkloadRegistry registry, ExemplarStore exemplars, Resource host, string proc, TimeProvider time)
        {
            Exits = exits;
            Ledger = ledger;
            vms = new VmTable(exits, registry, exemplars, proc, time);
            var start = UnixNano.Now(time);
            self = new ObjectSeries(exits.Programs, exits.Maps, host, start);
            lost = [.. KvmWire.LostReasons.Select(Lost)];
            torn = Lost("kvm_read_torn");
            used = new Series(MetricCatalog.MapEntries, host, start, ["vcpus"]);

            Series Lost(string reason) => new(MetricCatalog.Lost, host, start, [reason]);
        }

        public KvmExits Exits { get; }

        public Ledger Ledger { get; }

        public void Export(SnapshotBuilder builder)
        {
            vms.Export(builder);
            var counts = Exits.Globals.ReadArray<ulong>("lost");
            for (var i = 0; i < lost.Length; i++)
                builder.Add(lost[i], counts[i]);
            builder.Add(torn, vms.Torn);
            builder.Add(used, vms.Used);
            self.Export(builder);
        }

        public void Dispose()
        {
            vms.Dispose();
            Exits.Dispose();
        }
    }
}
