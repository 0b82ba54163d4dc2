using System.Runtime.InteropServices;
using System.Text;
using Observe.Collectors.Identity;
using Observe.Collectors.Stalls;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Stalls;

/// <summary>The kernel's records as ours.</summary>
public sealed class StallReaderTests
{
    private const long Offset = 1_700_000_000_000_000_000;
    private readonly WorkloadRegistry registry = new();
    private readonly UnifiedClock clock = new();
    private readonly StallReader reader;

    public StallReaderTests()
    {
        clock.Take(new ClockReading(1_000_000, Offset + 1_000_000, 1_000_000), 0);
        reader = new StallReader(clock, (slot, cgroup) => slot == 2 ? WorkloadRegistry.Kernel : registry.TryGet(cgroup, out var workload) ? workload : WorkloadRegistry.Unattributed);
    }

    [Fact]
    public void Read_Wait_HasItsCulpritsTheLongestFirstAndAllOfItsLength()
    {
        var victim = registry.Born(10UL, "/victim", 1);
        var rival = registry.Born(11UL, "/rival", 1);
        var record = Record(StallKind.Wait, 10, 1000);
        record.Culprits[0] = new StallCulprit { Slot = 5, Cgroup = 11, Ns = 100 };
        record.Culprits[3] = new StallCulprit { Slot = 6, Cgroup = 11, Ns = 300 }; // another slot of the same workload
        record.Culprits[1] = new StallCulprit { Slot = 4, Cgroup = 10, Ns = 50 };
        record.Culprits[7] = new StallCulprit { Slot = 2, Ns = 40 };
        (record.Irq, record.Steal, record.Idle, record.Unknown, record.Other) = (10, 200, 30, 250, 20);

        var stall = reader.Read(Bytes(record)).ShouldNotBeNull();

        stall.Name.ShouldBe("stall.wait");
        stall.Workload.ShouldBeSameAs(victim);
        stall.Thread.ShouldBe(new StalledThread(70, 71, "worker"));
        stall.Cpu.ShouldBe(3);
        stall.Culprits.ShouldBe(
        [
            new Culprit(CulpritKind.Workload, rival, 400), new Culprit(CulpritKind.Unknown, null, 250), new Culprit(CulpritKind.Hypervisor, null, 200),
            new Culprit(CulpritKind.Self, victim, 50), new Culprit(CulpritKind.Kernel, WorkloadRegistry.Kernel, 40), new Culprit(CulpritKind.Idle, null, 30),
            new Culprit(CulpritKind.Workload, WorkloadRegistry.Other, 20), new Culprit(CulpritKind.Interrupt, null, 10),
        ]);
        stall.Culprits.Sum(each => each.Nanoseconds).ShouldBe(stall.Nanoseconds);
        stall.Attributes.ShouldBeEmpty();
    }

    [Fact]
    public void Read_Times_AreTheClocksOfBothEnds()
    {
        var stall = reader.Read(Bytes(Record(StallKind.Blocked, 10, 400_000))).ShouldNotBeNull();

        stall.Name.ShouldBe("stall.blocked");
        stall.Begin.ShouldBe(clock.ToUtc(600_000));
        stall.End.ShouldBe(clock.ToUtc(1_000_000));
        stall.End.Contains(Offset + 1_000_000).ShouldBeTrue();
        stall.Nanoseconds.ShouldBe(400_000);
        stall.Culprits.ShouldBeEmpty();
        stall.Workload.ShouldBeSameAs(WorkloadRegistry.Unattributed, "nobody knows the cgroup");
    }

    [Fact]
    public void Read_Exit_SaysItsReason()
    {
        var record = Record(StallKind.Exit, 10, 5);
        (record.Isa, record.Reason) = (1, 48);

        reader.Read(Bytes(record)).ShouldNotBeNull().Attributes.ShouldBe([new(StallAttributes.ExitReason, "ept_violation")]);
    }

    [Fact]
    public void Read_WhatIsNoStall_IsNull()
    {
        var unknown = Record(StallKind.Wait, 10, 5);
        unknown.Kind = StallWire.Kinds;

        reader.Read(Bytes(unknown)).ShouldBeNull();
        reader.Read(Bytes(Record(StallKind.Wait, 10, 5)).AsSpan()[..^1]).ShouldBeNull();
    }

    private static StallRecord Record(StallKind kind, ulong cgroup, ulong length)
    {
        var record = new StallRecord { Kind = (uint)kind, Cpu = 3, Pid = 71, Tgid = 70, Cgroup = cgroup, Slot = 4, End = 1_000_000, Length = length };
        Encoding.UTF8.GetBytes("worker", record.Comm);
        return record;
    }

    private static byte[] Bytes(in StallRecord record) => MemoryMarshal.AsBytes(new ReadOnlySpan<StallRecord>(in record)).ToArray();
}
