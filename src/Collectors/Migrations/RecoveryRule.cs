using Observe.Telemetry.Time;

namespace Observe.Collectors.Migrations;

/// <summary>When the waits of this host's threads are back to what they were before it was moved: docs/migrations.md says the same, and why. Pure.</summary>
internal static class RecoveryRule
{
    /// <summary>Before the migration: what it is compared with, ns.</summary>
    public const long BaselineSpan = 60_000_000_000;

    /// <summary>After it: longer, and it is given up, ns.</summary>
    public const long Patience = 300_000_000_000;

    /// <summary>Windows that there have to be before the migration.</summary>
    public const int LeastWindows = 20;

    /// <summary>Windows in a row that have to be as before.</summary>
    public const int Steady = 5;

    /// <summary>How much more is no difference: three cells of the histogram are a factor of 1.7, one is 1.19.</summary>
    private const double Ratio = 1.25;

    /// <summary>Nor is this, s: what nobody waits for.</summary>
    private const double FloorP95 = 100e-6;

    /// <summary>Nor this, s waited for each s run.</summary>
    private const double FloorPressure = 0.01;

    /// <summary>Judges.</summary>
    /// <param name="windows">What there is, the oldest first.</param>
    /// <param name="began">When the migration began.</param>
    /// <param name="from">From when on they may be back.</param>
    /// <returns>Null while that is open.</returns>
    public static Recovery? Judge(IReadOnlyList<WaitWindow> windows, UtcInterval began, UtcInterval from)
    {
        var before = windows.Where(each => each.End.Middle <= began.Earliest && each.Begin.Middle >= began.Earliest - BaselineSpan).ToList();
        var after = windows.Where(each => each.Begin.Middle >= from.Middle).ToList();
        var isOver = windows.Count > 0 && windows[^1].End.Middle - from.Middle >= Patience;
        if (before.Count < LeastWindows)
            return new Recovery(RecoveryOutcome.Unknown, from, double.NaN, double.NaN, double.NaN);
        var (baseline, limitP95) = Limit([.. before.Select(each => each.P95)], FloorP95);
        var (_, limitPressure) = Limit([.. before.Select(each => each.Pressure)], FloorPressure);
        var steady = 0;
        var peak = 0.0;
        for (var i = 0; i < after.Count; i++)
        {
            peak = Math.Max(peak, after[i].P95);
            steady = after[i].P95 <= limitP95 && after[i].Pressure <= limitPressure ? steady + 1 : 0;
            if (steady == Steady)
                return new Recovery(RecoveryOutcome.Recovered, after[i - Steady + 1].Begin, baseline, peak, after[i - Steady + 1].P95);
        }
        return isOver ? new Recovery(RecoveryOutcome.Unrecovered, windows[^1].End, baseline, peak, after[^1].P95) : null;
    }

    /// <summary>The median, and what is no more than ordinary: a quarter above it, or what one in ten ordinary seconds is above anyway.</summary>
    private static (double Median, double Limit) Limit(double[] values, double floor)
    {
        Array.Sort(values);
        var (median, high) = (values[values.Length / 2], values[values.Length * 9 / 10]);
        return (median, Math.Max(Math.Max(Ratio * median, high), median + floor));
    }
}
