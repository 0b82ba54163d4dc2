using System.Diagnostics;
using Observe.Collectors.Identity;
using Observe.Collectors.Self;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces.Stalls;
using Observe.Collectors.Traces.Verdicts;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Traces;

/// <summary>An exemplar has the ids of its stall's span, digit by digit.</summary>
public sealed class StallExemplarsTests
{
    [Fact]
    public void Decided_AStallsSpan_BecomesAnExemplarWithItsIds()
    {
        var store = new ExemplarStore(new LossCounters());
        var exemplars = store.Open(WorkloadRegistry.Other);
        var stall = new Stall(
            StallKind.Wait, WorkloadRegistry.Other, UtcInterval.Around(1_000_000_000, 5), UtcInterval.Around(1_025_000_000, 5), new StalledThread(1, 2, "x"), 0, [], [])
        { Nanoseconds = 25_000_000 };

        new StallExemplars(store).Decided(
            stall, Verdict.Neighbour, ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c"), ActivitySpanId.CreateFromString("b7ad6b7169203331"));

        var held = new Exemplar[ExemplarSlots.Capacity];
        exemplars.Waits.ShouldNotBeNull().CopyTo(held).ShouldBe(1);
        held[0].ShouldBe(new Exemplar(0.025, 1_025_000_000, UInt128.Parse("0af7651916cd43dd8448eb211c80319c", System.Globalization.NumberStyles.HexNumber), 0xb7ad6b7169203331));
    }
}
