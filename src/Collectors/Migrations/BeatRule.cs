namespace Observe.Collectors.Migrations;

/// <summary>
/// Tells a machine that stood still from a thread that did, by two turns of the pulse. A thread whose timer fired late, and that then ran after it
/// had stood in the run queue for a moment, has been given a CPU once. One that was stopped, frozen, traced, or held up by the garbage
/// collector was given a CPU before that, to stop on; one that others were preferred to stood in the run queue. Pure.
/// </summary>
internal static class BeatRule
{
    /// <summary>Shortest that is told, ns: well above what a busy hypervisor takes away between two of its turns, well below what a migration's switchover aims at (500 ms).</summary>
    public const long Least = 50_000_000;

    /// <summary>From when the machine runs again until the pulse's timer has fired, ns: other interrupts come first.</summary>
    private const long Latency = 1_000_000;

    /// <summary>Judges a turn.</summary>
    /// <param name="before">The one before it.</param>
    /// <param name="beat">The turn.</param>
    /// <returns>Null if the machine ran.</returns>
    public static Standstill? Judge(in Beat before, in Beat beat)
    {
        var suspended = beat.Suspended - before.Suspended;
        if (suspended >= Least)
            return new Standstill(BlackoutSign.Suspended, before.Woke, beat.Woke, before.Woke, beat.Woke, suspended);
        var waited = Math.Max(0, beat.Waited - before.Waited);
        var length = beat.Woke - beat.Due - waited;
        if (length < Least || beat.Turns - before.Turns != 1)
            return null;
        var end = beat.Woke - waited;
        return new Standstill(BlackoutSign.Late, before.Woke, beat.Due, Math.Max(beat.Due, end - Latency), end, length);
    }
}
