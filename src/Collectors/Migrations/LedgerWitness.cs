using Observe.Collectors.Sched;

namespace Observe.Collectors.Migrations;

/// <summary>
/// What the ledger's notes of who had which CPU say of a time in which the machine may have stood still: when a CPU went from one thread
/// to another, it ran. Thread-safe: only reads what the kernel writes.
/// </summary>
internal static class LedgerWitness
{
    /// <summary>From when the pulse was due, ns: it would have run at once, but an interrupt may have been under way.</summary>
    private const long AfterDue = 5_000_000;

    /// <summary>Before the pulse ran again, ns: others woke up with it, and the two clocks may be a hair apart.</summary>
    private const long BeforeEnd = 5_000_000;

    /// <summary>Asks it.</summary>
    /// <param name="ledger">The ledger; null: nothing is known.</param>
    /// <param name="suspect">When the machine may have stood still.</param>
    /// <returns>Null if it ran; else the same, begun not before the last switch that it was seen to run by.</returns>
    public static Standstill? Ask(Ledger? ledger, Standstill suspect)
    {
        if (ledger is null)
            return suspect;
        var offset = ledger.Clock.Offset;
        var earliest = suspect.BeginEarliest;
        for (var cpu = 0; cpu < ledger.Size.Cpus; cpu++)
        {
            ReadOnlySpan<LedgerSlice> slices = ledger.Cpus[cpu].Slices;
            foreach (ref readonly var slice in slices)
            {
                var end = (long)Volatile.Read(in slice.End) - offset;
                if (end > suspect.BeginLatest + AfterDue && end < suspect.EndLatest - BeforeEnd)
                    return null;
                if (end > earliest && end <= suspect.BeginLatest)
                    earliest = end;
            }
        }
        return suspect with { BeginEarliest = earliest };
    }
}
