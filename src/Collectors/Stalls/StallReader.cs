using System.Runtime.InteropServices;
using System.Text;
using Observe.Collectors.Identity;
using Observe.Collectors.Kvm.Exits;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Stalls;

/// <summary>Turns the kernel's records of stalls into ours. Pure but for who a cgroup is.</summary>
/// <param name="clock">Converts their times.</param>
/// <param name="workloadOf">Whose a slot is, by its number and its cgroup's key at the time.</param>
internal sealed class StallReader(UnifiedClock clock, Func<uint, ulong, Workload> workloadOf)
{
    private readonly List<Culprit> culprits = [];

    /// <summary>Reads one record.</summary>
    /// <param name="bytes">A <see cref="StallRecord"/>.</param>
    /// <returns>The stall; null if it is none that is known.</returns>
    public Stall? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < System.Runtime.CompilerServices.Unsafe.SizeOf<StallRecord>())
            return null;
        var record = MemoryMarshal.Read<StallRecord>(bytes);
        if (record.Kind >= StallWire.Kinds)
            return null;
        var kind = (StallKind)record.Kind;
        var workload = workloadOf(record.Slot, record.Cgroup);
        var end = (long)record.End;
        return new Stall(
            kind, workload, clock.ToUtc(end - (long)record.Length), clock.ToUtc(end), new StalledThread((int)record.Tgid, (int)record.Pid, NameOf(record.Comm)), (int)record.Cpu,
            kind == StallKind.Wait ? CulpritsOf(record, workload) : [],
            kind == StallKind.Exit ? [new(StallAttributes.ExitReason, ExitReasons.NameOf(record.Isa, record.Reason))] : [])
        {
            Nanoseconds = (long)record.Length,
        };
    }

    private static string NameOf(in StallComm comm)
    {
        ReadOnlySpan<byte> bytes = comm;
        var length = bytes.IndexOf((byte)0);
        return WorkloadIdentity.WellFormed(Encoding.UTF8.GetString(length < 0 ? bytes : bytes[..length]), StallWire.CommBytes);
    }

    private Culprit[] CulpritsOf(in StallRecord record, Workload victim)
    {
        culprits.Clear();
        ReadOnlySpan<StallCulprit> ran = record.Culprits;
        foreach (ref readonly var each in ran)
        {
            if (each.Ns == 0)
                continue;
            var workload = workloadOf(each.Slot, each.Cgroup);
            var kind = workload.KindFor(victim);
            Add(kind, kind is CulpritKind.Unknown or CulpritKind.Idle ? null : workload, each.Ns);
        }
        Add(CulpritKind.Interrupt, null, record.Irq);
        Add(CulpritKind.Hypervisor, null, record.Steal);
        Add(CulpritKind.Idle, null, record.Idle);
        Add(CulpritKind.Unknown, null, record.Unknown);
        Add(CulpritKind.Workload, WorkloadRegistry.Other, record.Other);
        culprits.Sort((one, other) => other.Nanoseconds.CompareTo(one.Nanoseconds));
        return [.. culprits];
    }

    /// <summary>Several cgroups may be of one workload.</summary>
    private void Add(CulpritKind kind, Workload? workload, ulong nanoseconds)
    {
        if (nanoseconds == 0)
            return;
        var place = culprits.FindIndex(each => each.Kind == kind && ReferenceEquals(each.Workload, workload));
        if (place < 0)
            culprits.Add(new Culprit(kind, workload, (long)nanoseconds));
        else
            culprits[place] = culprits[place] with { Nanoseconds = culprits[place].Nanoseconds + (long)nanoseconds };
    }
}
