using Observe.Bpf.Host;
using Observe.Collectors.Identity;
using Observe.Collectors.Stalls;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Sched;

/// <content>What there is while the kernel side runs.</content>
public sealed partial class SchedCollector
{
    private sealed class Running : IDisposable
    {
        private readonly SlotTable slots;
        private readonly LedgerAccounts accounts;
        private readonly HostSeries hostSeries;
        private readonly LedgerTotals single = new();
        private readonly CpuTotals[] singleCpus;
        private readonly LedgerReader reader;

        public Running(Ledger ledger, SchedOptions options, WorkloadRegistry registry, ExemplarStore exemplars, Resource host, TimeProvider time)
        {
            Ledger = ledger;
            reader = new LedgerReader(ledger);
            singleCpus = new CpuTotals[ledger.Size.Cpus];
            slots = new SlotTable(ledger, reader, registry, exemplars, time, options.Stalls.Culprits);
            accounts = new LedgerAccounts(ledger, reader, slots);
            hostSeries = new HostSeries(ledger, reader, registry, host, UnixNano.Now(time));
        }

        public Ledger Ledger { get; }

        public void KeepHouse()
        {
            Ledger.Clock.Sample();
            slots.NoticeBirths();
            slots.TakeBackOrphans();
        }

        public void Export(SnapshotBuilder builder)
        {
            accounts.Bring();
            var pairs = slots.ReadDelays();
            foreach (var account in slots.Accounts)
            {
                if (IsExported(account))
                    account.Export(builder);
            }
            hostSeries.Export(builder, accounts, pairs);
            slots.ForgetFinished();
        }

        public bool TryRead(WorkloadLabels labels, out LedgerReading reading)
        {
            var now = (long)MonotonicClock.Nanoseconds;
            var found = slots.TryRead(labels, now + Ledger.Clock.Offset, single, singleCpus);
            var throttled = Ledger.Plan.Throttle == LedgerThrottle.Unknown ? double.NaN : single.Time[(int)LedgerState.Throttled] / 1e9;
            reading = new LedgerReading(now, (single.Time[(int)LedgerState.Running] - single.Irq - single.Steal) / 1e9, throttled);
            return found;
        }

        public bool TryReadWaits(Migrations.WaitTotals totals, out long atMonotonic)
        {
            atMonotonic = (long)MonotonicClock.Nanoseconds;
            reader.ReadWaits(slots, atMonotonic + Ledger.Clock.Offset, totals);
            return true;
        }

        public void Dispose()
        {
            slots.Dispose();
            Ledger.Dispose();
        }

        /// <summary>Idle time is part of the CPUs' account only; unattributed time is shown when there is some.</summary>
        private static bool IsExported(WorkloadAccount account) =>
            !ReferenceEquals(account.Workload, WorkloadRegistry.Idle)
            // One that is gone is exported now or never.
            && (account.Workload.IsSettled || account.Slots == 0)
            && (!ReferenceEquals(account.Workload, WorkloadRegistry.Unattributed) || account.Sum.Time[(int)LedgerState.Running] != 0);
    }
}
