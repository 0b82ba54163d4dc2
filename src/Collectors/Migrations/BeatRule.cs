namespace Observe.Collectors.Migrations;

/// <summary>
/// Tells a machine that stood still from a thread that did, by two turns of the pulse. A thread whose timer fired late, and that then ran after it
/// had stood in the run queue for a moment, has left its CPU once, to sleep. One that was stopped, frozen, traced, or held up by the garbage
/// collector did so twice, to sleep and to stop; one that others were preferred to stood in the run queue. Pure.
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
        var length = beat.Woke - beat.Due - beat.Waited;
        if (length < Least || beat.Turns != 1)
            return null;
        var end = beat.Woke - beat.Waited;
        return new Standstill(BlackoutSign.Late, before.Woke, beat.Due, Math.Max(beat.Due, end - Latency), end, length);
    }
}
