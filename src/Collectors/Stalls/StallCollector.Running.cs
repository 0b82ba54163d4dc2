using Observe.Bpf.Maps;
using Observe.Collectors.Sched;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Stalls;

/// <content>What there is while the ledger tells of stalls.</content>
public sealed partial class StallCollector
{
    private sealed class Running : IDisposable
    {
        /// <summary>Between two moves of the thresholds.</summary>
        private static readonly TimeSpan AdaptEvery = TimeSpan.FromSeconds(1);

        private readonly StallCollector owner;
        private readonly Ledger ledger;
        private readonly BpfRingBuffer ring;
        private readonly StallReader reader;
        private readonly StallSeries series;
        private readonly StallLimiter limiter;
        private readonly AdaptiveThreshold[] thresholds;
        private readonly ulong[] passedBefore = new ulong[StallWire.Kinds];
        private long adaptedAt;
        private ulong taken;

        public Running(StallCollector owner, Ledger ledger)
        {
            this.owner = owner;
            this.ledger = ledger;
            reader = new StallReader(owner.clock, owner.WorkloadOf);
            ring = new BpfRingBuffer(ledger.StallRing, Accept);
            series = new StallSeries(owner.host, UnixNano.Now(owner.time));
            limiter = new StallLimiter(owner.options, owner.time);
            thresholds = [.. Enum.GetValues<StallKind>().Select(kind => new AdaptiveThreshold(owner.options.NanosecondsOf(kind), owner.options.PerSecond))];
            adaptedAt = owner.time.GetTimestamp();
        }

        public void Take()
        {
            if (owner.clock.IsReady)
                ring.Poll(TimeSpan.Zero);
        }

        /// <summary>Lets the kernel tell of as many more as are due.</summary>
        public void Grant() => limiter.Grant(ref ledger.Limits.Writable(0), ledger.Victims.WritableSpan);

        /// <summary>
        /// Only what the rates of workloads let through moves a threshold: one workload that stalls all the time does not make
        /// others' stalls go unheard.
        /// </summary>
        public void Adapt()
        {
            var now = owner.time.GetTimestamp();
            var passed = owner.time.GetElapsedTime(adaptedAt, now);
            if (passed < AdaptEvery)
                return;
            adaptedAt = now;
            ref var limits = ref ledger.Limits.Writable(0);
            for (var kind = 0; kind < StallWire.Kinds; kind++)
            {
                var count = Count(kind, StallOutcome.Told) + Count(kind, StallOutcome.All) + Count(kind, StallOutcome.Full);
                var rate = (count - passedBefore[kind]) / passed.TotalSeconds;
                passedBefore[kind] = count;
                if (thresholds[kind].Adapt(rate))
                    Volatile.Write(ref limits.Threshold[kind], thresholds[kind].Current);
            }
        }

        public void Export(SnapshotBuilder builder)
        {
            for (var kind = 0; kind < StallWire.Kinds; kind++)
            {
                for (var outcome = 0; outcome < StallWire.Outcomes; outcome++)
                    builder.Add(series.Counts[kind][outcome], Count(kind, (StallOutcome)outcome));
                builder.Add(series.Seconds[kind], ledger.Limits[0].Total[kind] / 1e9);
                builder.Add(series.Thresholds[kind], thresholds[kind].Current / 1e9);
            }
            for (var outcome = 1; outcome < StallWire.Outcomes; outcome++)
                builder.Add(series.Lost[outcome], AllOf((StallOutcome)outcome));
        }

        public string Describe() => $"{AllOf(StallOutcome.Told)} told, {Enumerable.Range(1, StallWire.Outcomes - 1).Aggregate(0UL, (sum, outcome) => sum + AllOf((StallOutcome)outcome))} left out, {owner.options.PerSecond} a second at most";

        public void Dispose() => ring.Dispose();

        private void Accept(ReadOnlySpan<byte> record)
        {
            if (reader.Read(record) is { } stall)
                owner.timeline.Offer(owner.source, taken++, stall.End, stall);
            else
                owner.unreadable.Add();
        }

        private ulong AllOf(StallOutcome outcome)
        {
            var sum = 0UL;
            for (var kind = 0; kind < StallWire.Kinds; kind++)
                sum += Count(kind, outcome);
            return sum;
        }

        private ulong Count(int kind, StallOutcome outcome) => Volatile.Read(in ledger.Limits[0].Count[(kind * StallWire.Outcomes) + (int)outcome]);
    }
}
